import { bringUpToDate } from '../../../scripts/lib/stage.ts';
import { pluginStages } from '../../../scripts/lib/stages.ts';
import { startTestPostgres, startTestRedis } from '../../../core/src/testing/services/index.ts';

/** Builds the plugins and starts the services the run has not been given, so that a single file can be run alone. Vitest calls it once, before its workers. */
export default async function startMissingServices(): Promise<() => Promise<void>> {
  for (const stage of await pluginStages()) await bringUpToDate(stage);
  await using undo = new AsyncDisposableStack();
  for (const [variable, start] of [
    ['PARLEY_TEST_DATABASE_URL', startTestPostgres],
    ['PARLEY_TEST_REDIS_URL', startTestRedis],
  ] as const) {
    if (process.env[variable] !== undefined) continue;
    const service = await start();
    undo.defer(() => service.stop());
    // A run that is interrupted ends without calling what we return.
    process.once('exit', () => kill(service.pid));
    process.env[variable] = service.url;
  }
  const running = undo.move();
  return () => running.disposeAsync();
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was stopped in good order before.
  }
}
