import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium, ensureRedis, startTestPostgres, startTestRedis } from '../../tests/support/services/index.ts';
import { root } from '../lib/root.ts';
import { killLeftovers } from './leftovers.ts';

export interface TestEnvironment extends AsyncDisposable {
  readonly env: NodeJS.ProcessEnv;
  /** Where runners put their reports. */
  readonly folder: string;
}

const CACHE = join(root, '.cache');
/** Settings of a Parley that is run here must not reach the ones under test. */
const OWN_SETTINGS = /^(PARLEY_.*|DATABASE_URL|REDIS_URL|PORT|HOST|LOG_LEVEL)$/;

/** A private PostgreSQL, a private Redis and a browser, and a temporary folder everything is under. */
export async function startTestEnvironment(needs: { chromium: boolean }): Promise<TestEnvironment> {
  const log = (line: string) => void process.stderr.write(`parley: ${line} …\n`);
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'parley-run-'));
  // A PostgreSQL started by root runs as another user and must get in.
  await chmod(folder, 0o755);
  undo.defer(async () => {
    await killLeftovers(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  process.env.TMPDIR = folder;

  const chromium = needs.chromium ? await ensureChromium(CACHE, log) : undefined;
  const redisProgram = await ensureRedis(CACHE, log);
  const postgres = await startTestPostgres();
  undo.defer(() => postgres.stop());
  const redis = await startTestRedis(redisProgram);
  undo.defer(() => redis.stop());

  const inherited = Object.entries(process.env).filter(([name]) => !OWN_SETTINGS.test(name));
  const env: NodeJS.ProcessEnv = {
    ...Object.fromEntries(inherited),
    PARLEY_TEST_DATABASE_URL: postgres.url,
    PARLEY_TEST_REDIS_URL: redis.url,
    ...(chromium === undefined
      ? {}
      : { PARLEY_TEST_CHROMIUM: chromium.path, PARLEY_TEST_CHROMIUM_ENV: JSON.stringify(chromium.env) }),
  };
  const running = undo.move();
  return { env, folder, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
