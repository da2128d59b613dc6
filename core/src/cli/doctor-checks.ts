import { access, constants, readdir, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { Config } from '../config/config.ts';
import { SecretKeyError, secretKeyFile } from '../config/secret-key.ts';
import { closeServer, listen, ListenError } from '../http/listen.ts';
import { isBuilt } from '../http/static-files.ts';
import { errorCode } from '../lib/error-code.ts';
import { findInstallations, findRunningPostgres } from '../ports/database/embedded/index.ts';
import { migrations } from '../ports/database/migrations/index.ts';

export interface Finding {
  state: 'ok' | 'note' | 'wrong';
  text: string;
  /** What to do about it. */
  mend?: string;
}

const ok = (text: string): Finding => ({ state: 'ok', text });
const note = (text: string, mend?: string): Finding => ({ state: 'note', text, mend });
const wrong = (text: string, mend: string): Finding => ({ state: 'wrong', text, mend });
const reason = (error: unknown) => errorCode(error) ?? (error instanceof Error ? error.message : String(error));

export function checkNode(version = process.versions.node): Finding {
  if (Number(version.split('.')[0]) >= 24) return ok(`Node ${version}`);
  return wrong(
    `Node ${version} cannot run the core`,
    'Start through npm (npm start, npm run parley), which brings Node 24 along.',
  );
}

export async function checkDataFolder(dataDir: string): Promise<Finding> {
  try {
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return ok(`Data folder ${dataDir}`);
  } catch (error) {
    if (errorCode(error) === 'ENOENT')
      return note(`Data folder ${dataDir} does not exist yet`, 'The first start makes it.');
    return wrong(
      `Data folder ${dataDir} cannot be used (${reason(error)})`,
      'Give it to the user Parley runs as, or set PARLEY_DATA_DIR.',
    );
  }
}

/** A machine in need of a doctor is often a busy one: what answers slowly is there. */
const patienceMs = 15_000;

export async function checkDatabase(config: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Finding> {
  const url = config.databaseUrl ?? (await findRunningPostgres(config.dataDir));
  if (url === undefined) {
    const installations = await findInstallations();
    if (installations.length > 0) return note('The embedded database does not run now', 'A start of Parley starts it.');
    return wrong(
      'No PostgreSQL was found for the embedded database',
      'Run pnpm install (it brings one along), install PostgreSQL 15 or newer, or set DATABASE_URL.',
    );
  }
  const client = new Client({ connectionString: url, connectionTimeoutMillis: patienceMs });
  try {
    await client.connect();
    return await inspectDatabase(client);
  } catch (error) {
    return wrong(`The database is not reachable (${reason(error)})`, 'Check DATABASE_URL, and that PostgreSQL runs.');
  } finally {
    await client.end();
  }
}

async function inspectDatabase(client: Client): Promise<Finding> {
  const { rows } = await client.query<{
    version: string;
    migrated: string | null;
    user: string;
    name: string;
    may_queue: boolean;
  }>(
    `select current_setting('server_version_num') as version, to_regclass('mikro_orm_migrations')::text as migrated,
       current_user as user, current_database() as name,
       to_regnamespace('pgboss') is not null or has_database_privilege(current_database(), 'create') as may_queue`,
  );
  const major = Math.floor(Number(rows[0]?.version) / 10_000);
  if (major < 15) return wrong(`PostgreSQL ${major} is too old`, 'Parley needs PostgreSQL 15 or newer.');
  if (rows[0]?.may_queue === false)
    return wrong(
      `${rows[0].user} may not make the schema of the queue of jobs`,
      `In the database: grant create on database "${rows[0].name}" to "${rows[0].user}".`,
    );
  const names =
    rows[0]?.migrated === null
      ? []
      : (await client.query<{ name: string }>('select name from mikro_orm_migrations')).rows;
  const applied = new Set(names.map((row) => row.name));
  const pending = migrations.filter((migration) => !applied.has(migration.name));
  if (pending.length > 0)
    return note(`PostgreSQL ${major}, ${pending.length} migrations pending`, 'Run parley db migrate, or start Parley.');
  if (applied.size > migrations.length) return wrong('The database is of a newer Parley', 'Update this installation.');
  return ok(`PostgreSQL ${major}, up to date`);
}

export async function checkRedis(url: string | null): Promise<Finding> {
  if (url === null) return ok('Redis is not used (REDIS_URL is not set)');
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
    connectTimeout: patienceMs,
  });
  redis.on('error', () => {}); // Told by the failed call below.
  try {
    await redis.connect();
    const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? '?';
    return Number(version.split('.')[0]) >= 7
      ? ok(`Redis ${version}`)
      : wrong(`Redis ${version} is too old`, 'Parley needs Redis 7 or newer.');
  } catch (error) {
    return wrong(
      `Redis is not reachable (${reason(error)})`,
      'Check REDIS_URL. Parley runs without it, but counts and shares less.',
    );
  } finally {
    redis.disconnect();
  }
}

export async function checkSecretKey(config: Config): Promise<Finding> {
  if (config.secret !== null) return ok('The secret key comes from PARLEY_SECRET');
  const file = secretKeyFile(config.dataDir);
  try {
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0 && process.platform !== 'win32')
      return wrong(`Others may read ${file}`, `chmod 600 ${file}`);
    const bytes = Buffer.from((await readFile(file, 'utf8')).trim(), 'base64').length;
    if (bytes !== 32) throw new SecretKeyError(`it holds ${bytes} bytes instead of 32`);
    return ok(`The secret key is ${file}`);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return note('There is no secret key yet', 'The first start makes one.');
    return wrong(
      `${file} cannot be used (${reason(error)})`,
      'Restore it from a backup: without it stored provider keys cannot be opened.',
    );
  }
}

export async function checkWeb(folder: string): Promise<Finding> {
  return (await isBuilt(folder)) ? ok('The web app is built') : wrong('The web app is not built', 'npm run build');
}

export async function checkPlugins(folder: string): Promise<Finding> {
  const names = await readdir(folder);
  const present = await Promise.all(names.map((name) => exists(join(folder, name, 'dist', 'server.js'))));
  const missing = names.filter((_, index) => present[index] !== true);
  if (missing.length === 0) return ok(`${names.length} plugins are built`);
  return wrong(`Not built: ${missing.join(', ')}`, 'npm run build');
}

export async function checkPort({ server }: Config): Promise<Finding> {
  const place = `${server.host}:${server.port}`;
  const probe = createServer();
  try {
    await listen(probe, server.host, server.port);
    await closeServer(probe, 0);
    return ok(`${place} is free`);
  } catch (error) {
    if (await isParley(server)) return ok(`Parley answers at ${place}`);
    return wrong(error instanceof ListenError ? error.message : reason(error), 'See above.');
  }
}

async function isParley({ host, port }: Config['server']): Promise<boolean> {
  try {
    const answer = await fetch(`http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}/healthz`, {
      signal: AbortSignal.timeout(patienceMs),
    });
    return ((await answer.json()) as { status?: string }).status === 'ok';
  } catch {
    // Whatever holds the port does not speak as we do.
    return false;
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
