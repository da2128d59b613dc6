import { createHash, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { readTestServices } from '../../config/test-services.ts';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

export interface DatabaseTemplate {
  /** Changes with what `fill` would write, so that two versions never share a template. */
  readonly key: string;
  /** Brings an empty database to the wanted state; runs once for all test files of a run. */
  fill(url: string): Promise<void>;
}

/** Any number will do, as long as nothing else in these throw-away servers takes the same lock. */
const TEMPLATE_LOCK = 7_153_901;

/** A database for one test file: empty, or a copy of a template (a tenth of the time migrations take). */
export async function createTestDatabase(template?: DatabaseTemplate): Promise<TestDatabase> {
  const adminUrl = requireUrl(readTestServices().databaseUrl, 'PARLEY_TEST_DATABASE_URL');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(adminUrl, async (admin) => {
    const from = template === undefined ? 'template0' : await ensureTemplate(admin, adminUrl, template);
    await admin.query(`create database ${name} template ${from}`);
  });
  const drop = () =>
    asAdmin(adminUrl, async (admin) => {
      await admin.query(`drop database if exists ${name} with (force)`);
    });
  return { url: databaseUrl(adminUrl, name), drop };
}

/** The Redis of this test run. It is shared: use key prefixes of your own. */
export function testRedisUrl(): string {
  return requireUrl(readTestServices().redisUrl, 'PARLEY_TEST_REDIS_URL');
}

async function ensureTemplate(admin: Client, adminUrl: string, template: DatabaseTemplate): Promise<string> {
  const name = `template_${createHash('sha256').update(template.key).digest('hex').slice(0, 16)}`;
  // Test files run in several processes; the first makes the template while the others wait here.
  await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await makeTemplate(admin, adminUrl, name, template);
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
  return name;
}

async function makeTemplate(admin: Client, adminUrl: string, name: string, template: DatabaseTemplate): Promise<void> {
  // Filled under a draft name: a fill that fails must not leave a template that looks done.
  const draft = `${name}_draft`;
  await admin.query(`drop database if exists ${draft} with (force)`);
  await admin.query(`create database ${draft} template template0`);
  await template.fill(databaseUrl(adminUrl, draft));
  await admin.query(`alter database ${draft} rename to ${name}`);
}

async function asAdmin(adminUrl: string, work: (admin: Client) => Promise<void>): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function databaseUrl(adminUrl: string, name: string): string {
  return new URL(`/${name}`, adminUrl).href;
}

function requireUrl(url: string | undefined, variable: string): string {
  if (url === undefined) throw new Error(`${variable} is not set: run this through vitest, which starts the servers.`);
  return url;
}
