import { setTimeout as pause } from 'node:timers/promises';
import { isDatabaseUnavailable } from './database-errors.ts';

const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 2_000;

/** What `ask` says; while the database is away it is asked again, until `signal` says that nobody waits any more. For what may be done twice. */
export async function onceReachable<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)) {
    try {
      return await ask();
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      await pause(pauseMs, undefined, { signal });
    }
  }
}
