import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createFileStorage } from '../ports/object-storage/index.ts';
import { createTestApp, openTiers, type TestApp } from '../testing/create-test-app.ts';
import type { TestUser } from '../testing/factories/users.ts';
import { createMigratedDatabase } from '../testing/migrated-database.ts';
import { createTestDatabase } from '../testing/services/index.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));
const secret = 'the secret of the installation that is backed up';
const undo = new AsyncDisposableStack();
let dataDir: string;
let parley: TestApp;
let user: TestUser;
let admin: TestUser;
let archive: string;
let before: Record<string, string>;

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'parley-backup-'));
  undo.defer(() => rm(made, { recursive: true, force: true }));
  return made;
}
async function emptyDatabase(): Promise<string> {
  const place = await createTestDatabase();
  undo.defer(() => place.drop());
  return place.url;
}

function run(args: string[], env: Record<string, string> = {}) {
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...args],
      { env: { DATABASE_URL: parley.databaseUrl, PARLEY_DATA_DIR: dataDir, PARLEY_SECRET: secret, ...env } },
      (_error, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

/** Count and hash of every table, found in another way than the backup's own; all but those a running instance keeps writing. */
async function contents(url: string): Promise<Record<string, string>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'mikro_orm%'
       and tablename not in ('instance_beat', 'books_check')`,
  );
  const found: Record<string, string> = {};
  for (const { name } of rows) {
    const digest = await client.query<{ digest: string }>(
      `select count(*) || ' ' || md5(coalesce(string_agg(t::text, ',' order by t::text collate "C"), '')) as digest from ${name} t`,
    );
    found[name] = digest.rows[0]!.digest;
  }
  await client.end();
  return found;
}

async function chat(app: TestApp, person: TestUser, text: string): Promise<void> {
  const http = app.http(person);
  const { id } = await http('POST /api/conversations', { body: {} });
  const body = { clientTurnId: crypto.randomUUID(), text };
  await http('POST /api/conversations/:id/turns', { params: { id }, body });
  const last = async () => (await http('GET /api/conversations/:id/messages', { params: { id } })).items.at(-1);
  await vi.waitFor(async () => expect((await last())?.status).toBe('done'), { timeout: 60_000 });
  expect((await last())?.text).not.toBe('');
}

beforeAll(async () => {
  dataDir = await folder();
  const databaseUrl = await createMigratedDatabase(undo);
  const first = await createTestApp({ databaseUrl, config: { secret } });
  await openTiers(first.app);
  user = await first.users.create({ nickname: 'Zoë \\ "tab\t" 你好 😀' });
  admin = await first.users.createAdmin();
  await first.http(admin)('POST /api/admin/users/:id/grants', {
    params: { id: user.id },
    body: { amount: 5_000_000, reason: 'a start', idempotencyKey: crypto.randomUUID() },
  });
  await chat(first, user, 'Line one\nline two\r\n\\N \\. \u00a0 end');
  await first.http(admin)('POST /api/admin/connections', {
    body: {
      provider: 'parley.provider-openai/openai',
      name: 'kept',
      settings: { baseUrl: 'http://127.0.0.1:9/v1' },
      secrets: { apiKey: 'sk-kept' },
      enabled: false,
    },
  });
  const objects = createFileStorage(join(dataDir, 'objects'));
  async function* bytes() {
    yield Buffer.alloc(9_000_000, 7);
  }
  await objects.put('avatars/one.png', bytes());
  // What follows a reply is over when it has stopped; the next one runs and changes nothing by itself.
  await first.stop();
  parley = await createTestApp({ databaseUrl, config: { secret } });
  undo.defer(() => parley.stop());
  before = await contents(databaseUrl);
  const { code, out, err } = await run(['backup', '--to', dataDir]);
  expect([code, err], err).toEqual([0, expect.stringContaining('1 files')]);
  archive = out.trim();
});
afterAll(() => undo.disposeAsync());

test('an archive is for its owner alone, and the key is not in it', async () => {
  expect((await stat(archive)).mode & 0o777).toBe(0o600);
  expect(await readdir(dataDir)).not.toContainEqual(expect.stringContaining('.draft'));
  const content = gunzipSync(await readFile(archive));
  expect(content.includes('Line one')).toBe(true);
  expect(content.includes('sk-kept')).toBe(false);
  expect(content.includes(secret)).toBe(false);
});

test('the drill: restored into an empty database everything is as it was, and people go on', async () => {
  const url = await emptyDatabase();
  const elsewhere = await folder();
  const restored = await run(['restore', '--from', archive], { DATABASE_URL: url, PARLEY_DATA_DIR: elsewhere });
  expect([restored.code, restored.err]).toEqual([0, expect.stringContaining('users: 2 rows')]);
  expect(await contents(url)).toEqual(before);
  expect((await stat(join(elsewhere, 'objects/avatars/one.png'))).size).toBe(9_000_000);

  const again = await createTestApp({ databaseUrl: url, config: { secret } });
  undo.defer(() => again.stop());
  const { email, password } = user;
  expect(await again.http()('POST /api/auth/sign-in', { body: { email, password } })).toMatchObject({ email });
  expect(await again.http(user)('GET /api/me')).toMatchObject({ nickname: 'Zoë \\ "tab\t" 你好 😀' });
  await chat(again, user, 'And now?');
  const { connections } = again.app.modules.providers;
  expect((await connections.list()).map(({ connection }) => connection.name)).toContain('kept');
  expect(await again.http(admin)('GET /api/admin/users/:id/credits', { params: { id: user.id } })).toMatchObject({
    available: 5_000_000,
  });
  expect(await again.http(admin)('POST /api/admin/books/check')).toMatchObject({ drift: 0 });
  // What guards the rows is back too.
  await expect(again.app.platform.database.pool.query('delete from audit_entry')).rejects.toThrow('neither changed');
  await expect(
    again.app.platform.database.pool.query(`update conversation set user_id = gen_random_uuid()`),
  ).rejects.toMatchObject({ code: '23503' });
});

describe('a restore is refused, and nothing is touched', () => {
  test('into a database that is in use', async () => {
    expect(await run(['restore', '--from', archive, '--force'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('Stop every Parley that works on it'),
    });
    expect(await contents(parley.databaseUrl)).toEqual(before);
  });

  test('into a database that has accounts, unless it may be emptied', async () => {
    const url = await emptyDatabase();
    expect((await run(['restore', '--from', archive], { DATABASE_URL: url })).code).toBe(0);
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`update users set nickname = 'changed since'`);
    await client.end();
    const changed = await contents(url);
    expect(await run(['restore', '--from', archive], { DATABASE_URL: url })).toMatchObject({
      code: 1,
      err: expect.stringContaining('not empty'),
    });
    expect(await contents(url)).toEqual(changed);
    expect((await run(['restore', '--from', archive, '--force'], { DATABASE_URL: url })).code).toBe(0);
    expect(await contents(url)).toEqual(before);
  });

  test('into a database of another program, with force too', async () => {
    const url = await emptyDatabase();
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('create table theirs (id int)');
    await client.end();
    expect(await run(['restore', '--from', archive, '--force'], { DATABASE_URL: url })).toMatchObject({
      code: 1,
      err: expect.stringContaining('another program'),
    });
    expect(Object.keys(await contents(url))).toEqual(['theirs']);
  });

  test('with another encryption key, unless the secrets may be lost', async () => {
    const url = await emptyDatabase();
    const env = { DATABASE_URL: url, PARLEY_SECRET: 'the secret of quite another installation' };
    expect(await run(['restore', '--from', archive], env)).toMatchObject({
      code: 1,
      err: expect.stringContaining('sealed with another encryption key'),
    });
    expect(await contents(url)).toEqual({});
    expect((await run(['restore', '--from', archive, '--without-secrets'], env)).code).toBe(0);
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(`select secrets from provider_connection where name = 'kept'`);
    await client.end();
    expect(rows).toEqual([{ secrets: {} }]);
  });

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 2_000)],
    ['changed in the middle', (bytes: Buffer) => Buffer.from(bytes).fill(0xaa, 5_000, 5_040)],
    ['something else', () => Buffer.from('no archive')],
  ])('from an archive that is %s', async (_, damage) => {
    const url = await emptyDatabase();
    const damaged = join(await folder(), 'damaged.tar.gz');
    await writeFile(damaged, damage(await readFile(archive)));
    const { code, err } = await run(['restore', '--from', damaged], { DATABASE_URL: url });
    expect([code, err]).toEqual([1, expect.stringMatching(/archive/)]);
    expect(err).not.toContain(' at ');
    expect(await contents(url)).toEqual({});
  });

  test('from what is not there', async () => {
    expect(await run(['restore', '--from', '/nowhere/x.tar.gz'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('ENOENT'),
    });
    expect(await run(['restore'])).toMatchObject({ code: 1, err: expect.stringContaining('--from') });
  });
});

test('a backup goes to the object storage and comes back from there, without the backups before it', async () => {
  const first = await run(['backup', '--to', 'storage']);
  const second = await run(['backup', '--to', 'storage']);
  expect([first.code, second.code]).toEqual([0, 0]);
  const url = await emptyDatabase();
  const env = { DATABASE_URL: url };
  const missing = await run(['restore', '--from', 'storage:nothing.tar.gz'], env);
  expect(missing.err).toContain(first.out.trim().slice('storage:'.length));
  expect((await run(['restore', '--from', second.out.trim()], env)).code).toBe(0);
  expect(second.err).toContain('1 files');
  expect(await contents(url)).toEqual(before);
});

test('while people write, an archive shows one moment: no reply without its message', async () => {
  const enough = new AbortController();
  const writing = (async () => {
    while (!enough.signal.aborted) await chat(parley, user, 'And another one');
  })();
  const { code, out } = await run(['backup', '--to', await folder()]);
  enough.abort();
  await writing;
  expect(code).toBe(0);
  const url = await emptyDatabase();
  // The keys between the tables are checked over all rows when they are put back.
  expect(await run(['restore', '--from', out.trim()], { DATABASE_URL: url })).toMatchObject({ code: 0 });
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    `select count(*)::int as orphans from message m left join message p on p.id = m.parent_id
     where m.parent_id is not null and p.id is null`,
  );
  await client.end();
  expect(rows).toEqual([{ orphans: 0 }]);
});
