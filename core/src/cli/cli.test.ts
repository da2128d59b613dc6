import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../testing/create-test-app.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));
let parley: TestApp;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parley-cli-'));
  parley = await createTestApp({ withoutPlugins: true });
});
afterAll(async () => {
  await parley.stop();
  await rm(dataDir, { recursive: true, force: true });
});

function run(args: string[], env: Record<string, string> = {}) {
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...args],
      {
        env: { DATABASE_URL: parley.databaseUrl, PARLEY_DATA_DIR: dataDir, PORT: '0', ...env },
      },
      (_error, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

test('key create prints one key that works and nothing else', async () => {
  const user = await parley.users.create();
  const { code, out, err } = await run([
    'key',
    'create',
    '--email',
    user.email.toUpperCase(),
    '--name',
    'bench',
    '--scopes',
    'chat,read',
  ]);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^parley_[\w-]{43}\n$/);
  expect(await parley.httpWithKey(out.trim())('GET /api/me')).toMatchObject({ id: user.id });
});

test('a command that was given wrongly says what is missing', async () => {
  expect(await run(['key', 'create', '--email', 'nobody@example.com', '--name', 'x'])).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('no user with the address nobody@example.com'),
  });
  expect(await run(['key', 'create', '--name', 'x', '--scopes', 'fly'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/--scopes: Invalid option.*\n--email: /),
  });
  expect(await run(['dance'])).toMatchObject({ code: 1, err: expect.stringContaining('no command "dance"') });
  expect(await run(['help'])).toMatchObject({ code: 0, out: expect.stringContaining('parley key create') });
});

test('db migrate brings a database up to date once', async () => {
  expect(await run(['db', 'migrate'])).toMatchObject({ code: 0, out: 'The database is up to date.\n' });
});

test('doctor finds what is wrong and says how to mend it', async () => {
  const well = await run(['doctor']);
  expect(well.out).toMatch(/ok {5}Node 2\d/);
  expect(well.out).toMatch(/ok {5}PostgreSQL \d+, up to date/);
  const ill = await run(['doctor'], {
    REDIS_URL: 'redis://127.0.0.1:1',
    PORT: new URL(parley.url).port,
    HOST: '192.0.2.1',
  });
  expect(ill.code).toBe(1);
  expect(ill.out).toMatch(/WRONG {2}Redis is not reachable .*\n {7}→ Check REDIS_URL/);
  expect(ill.out).toMatch(/WRONG {2}This machine has no address 192\.0\.2\.1/);
});

test('books check says in words whether every credit is where it belongs', async () => {
  const { id } = await parley.users.create();
  const { pool } = parley.app.platform.database;
  const well = await run(['books', 'check']);
  expect([well.code, well.err]).toEqual([0, '']);
  expect(well.out).toMatch(/^Checked \d+ transfers of \d+ users in [\d.]+ s\.\n[^]*\nThe books balance\.\n$/);
  await pool.query(
    `insert into credit_account (user_id, available) values ($1, 2500000)
     on conflict (user_id) do update set available = credit_account.available + 2500000`,
    [id],
  );
  const ill = await run(['books', 'check']);
  expect(ill.code).toBe(1);
  expect(ill.out).toContain('differ from their transfers: 1, by 2.5 credits');
  expect(ill.out).toContain('The books do NOT balance.');
});
