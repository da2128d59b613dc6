import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeTempFolder, removeTempFolder } from '../../../testing/services/temp-folder.ts';
import { clusterOf, readClusterHome } from './cluster-home.ts';
import { shareEmbeddedPostgres, startEmbeddedPostgres } from './index.ts';
import { readPostmaster } from './postmaster-file.ts';
import { canReach, findServerUser } from './server-user.ts';
import { killed, query, startInProcess } from './test-harness.ts';

const copy = promisify(execFile);

let made: string;
let folder: string;
let dataDir: string;
const lines: string[] = [];
const log = (line: string) => void lines.push(line);

beforeAll(async () => {
  made = await makeTempFolder(await findServerUser());
  const { stop } = await startEmbeddedPostgres({ dataDir: join(made, 'data'), log });
  await stop();
});

beforeEach(async () => {
  folder = await makeTempFolder(await findServerUser());
  dataDir = join(folder, 'data');
  lines.length = 0;
});

afterEach(async () => {
  await removeTempFolder(folder);
});

afterAll(async () => {
  await removeTempFolder(made);
});

/** A data folder that has been started before; making each anew would take seconds. */
async function useMadeDataFolder(): Promise<void> {
  await copy('cp', ['-a', join(made, 'data'), dataDir]);
}

test('the database is made once and keeps what is in it', async () => {
  const first = await startEmbeddedPostgres({ dataDir, log });
  await query(first.url, `create table note as select 'kept' as text`);
  await first.stop();
  expect(lines.join()).toContain('Making the database');

  lines.length = 0;
  const second = await startEmbeddedPostgres({ dataDir, log });
  expect(await query(second.url, 'select text from note')).toEqual([{ text: 'kept' }]);
  expect(lines).toEqual([]);
  await second.stop();
});

test('nobody signs in without the password', async () => {
  await useMadeDataFolder();
  const { url, stop } = await startEmbeddedPostgres({ dataDir, log });
  const guess = new URL(url);
  guess.password = 'wrong';
  await expect(query(guess.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  await stop();
});

test('a second start on the same folder is refused with the folder and the process', async () => {
  await useMadeDataFolder();
  const other = await startInProcess(dataDir);
  await expect(startEmbeddedPostgres({ dataDir, log })).rejects.toThrow(`${dataDir} is in use`);
  await expect(startEmbeddedPostgres({ dataDir, log })).rejects.toThrow(`pid ${other.pid}`);
  await other.stop();
});

test('a visitor shares the running database, and starts it when none runs', async () => {
  await useMadeDataFolder();
  const host = await startEmbeddedPostgres({ dataDir, log });
  const visit = await shareEmbeddedPostgres({ dataDir, log });
  expect(visit.url).toBe(host.url);
  await visit.stop();
  expect(await query(host.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await host.stop();

  const alone = await shareEmbeddedPostgres({ dataDir, log });
  expect(await query(alone.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await alone.stop();
});

test('after kill -9 of everything the next start has every committed row', async () => {
  await useMadeDataFolder();
  const victim = await startInProcess(dataDir);
  await query(victim.url, `create table note as select 'safe' as text`);
  const server = await postmasterOf(dataDir);
  process.kill(victim.pid, 'SIGKILL');
  process.kill(server, 'SIGKILL');
  await killed(victim.pid);
  const { url, stop } = await startEmbeddedPostgres({ dataDir, log });
  expect(await query(url, 'select text from note')).toEqual([{ text: 'safe' }]);
  await stop();
});

test('a server that outlived its killed core is ended and replaced', async () => {
  await useMadeDataFolder();
  const victim = await startInProcess(dataDir);
  const orphan = await postmasterOf(dataDir);
  process.kill(victim.pid, 'SIGKILL');
  await killed(victim.pid);
  const { url, stop } = await startEmbeddedPostgres({ dataDir, log });
  expect(lines.join()).toContain(`pid ${orphan}`);
  expect(await postmasterOf(dataDir)).not.toBe(orphan);
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await stop();
});

test('a note left by a dead server is ignored even when its pid now belongs to another process', async () => {
  await useMadeDataFolder();
  const first = await startEmbeddedPostgres({ dataDir, log });
  const home = await homeOf(dataDir);
  const note = await readFile(join(clusterOf(home), 'postmaster.pid'), 'utf8');
  await first.stop();
  await writeFile(join(clusterOf(home), 'postmaster.pid'), note.replace(/^\d+/, String(process.pid)));
  const second = await startEmbeddedPostgres({ dataDir, log });
  expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await second.stop();
});

test('a first start that was cut short is started over', async () => {
  await mkdir(join(dataDir, 'postgres', 'cluster.draft', 'data'), { recursive: true });
  await writeFile(join(dataDir, 'postgres', 'cluster.draft', 'data', 'PG_VERSION'), '15');
  const { url, stop } = await startEmbeddedPostgres({ dataDir, log });
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await stop();
});

test('the packaged PostgreSQL serves where the system has none, with the same letters and order', async () => {
  const { url, stop } = await startEmbeddedPostgres({ dataDir, log, systemRoot: join(folder, 'nothing') });
  expect(await query(url, `select lower('ÄЖ') as lower, 'b' < 'ä' as ordered`)).toEqual([
    { lower: 'äж', ordered: true },
  ]);
  await stop();
});

test('a password that does not fit names the file that holds it', async () => {
  await useMadeDataFolder();
  const { stop } = await startEmbeddedPostgres({ dataDir, log });
  await stop();
  await rm(join(dataDir, 'database.json'));
  await expect(startEmbeddedPostgres({ dataDir, log })).rejects.toThrow('database.json');
});

describe.runIf(process.getuid?.() === 0)('as root', async () => {
  test('below a closed folder the files go where the server can reach them, and are found again', async () => {
    const outsideRoot = join(folder, 'outside');
    const closed = join(folder, 'closed');
    await mkdir(outsideRoot);
    await mkdir(closed, { mode: 0o700 });
    dataDir = join(closed, 'data');
    const options = { dataDir, log, outsideRoot, systemRoot: join(folder, 'nothing') };
    const first = await startEmbeddedPostgres(options);
    await query(first.url, `create table note as select 'kept' as text`);
    await first.stop();
    const home = await homeOf(dataDir);
    expect(home.folder).toContain(outsideRoot);
    expect(lines.join()).toContain(home.folder);

    const second = await startEmbeddedPostgres(options);
    expect(await query(second.url, 'select text from note')).toEqual([{ text: 'kept' }]);
    await cp(dataDir, `${dataDir}-copy`, { recursive: true });
    await rm(join(`${dataDir}-copy`, '.lock'), { recursive: true });
    await expect(startEmbeddedPostgres({ ...options, dataDir: `${dataDir}-copy` })).rejects.toThrow(home.folder);
    await second.stop();
  });

  // Not the account root would choose, where both exist. It must be able to run this code, wherever that lies.
  const owner = 65_534;
  test.runIf(await codeIsOpenTo(owner))('a cluster stays with the person who made it', async () => {
    const theirs = await startInProcess(dataDir, owner);
    await theirs.stop();
    const { stop } = await startEmbeddedPostgres({ dataDir, log });
    await stop();
    const again = await startInProcess(dataDir, owner);
    expect(await query(again.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await again.stop();
  });
});

async function homeOf(data: string) {
  const home = await readClusterHome(data);
  if (home === undefined) throw new Error(`${data} names no cluster`);
  return home;
}

async function postmasterOf(data: string): Promise<number> {
  const postmaster = await readPostmaster(clusterOf(await homeOf(data)));
  if (postmaster === undefined) throw new Error(`no server runs in ${data}`);
  return postmaster.pid;
}

async function codeIsOpenTo(uid: number): Promise<boolean> {
  const user = { name: `uid ${uid}`, uid, gid: uid };
  return (await canReach(dirname(process.execPath), user)) && (await canReach(import.meta.dirname, user));
}
