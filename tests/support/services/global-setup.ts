import { startTestPostgres, startTestRedis } from '../../../core/src/testing/services/index.ts';

/** Starts what the run has not been given, so that a single file can be run alone. Vitest calls it once, before its workers. */
export default async function startMissingServices(): Promise<() => Promise<void>> {
  await using undo = new AsyncDisposableStack();
  for (const [variable, start] of [
    ['PARLEY_TEST_DATABASE_URL', startTestPostgres],
    ['PARLEY_TEST_REDIS_URL', startTestRedis],
  ] as const) {
    if (process.env[variable] !== undefined) continue;
    const service = await start();
    undo.defer(() => service.stop());
    process.env[variable] = service.url;
  }
  const running = undo.move();
  return () => running.disposeAsync();
}
