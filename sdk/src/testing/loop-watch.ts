import { PerformanceObserver } from 'node:perf_hooks';

/** The longest that a plugin may keep the loop of whoever calls it from turning. */
export const longestBlockMs = 100;

/**
 * The least of what some tries measured; the first that is short enough is the last. Work that blocks does so each time; a machine that
 * takes the processor away in the midst of a turn, and counts that as used, does it once.
 */
export async function leastBlock(measure: () => Promise<number>, tries = 4): Promise<number> {
  let leastMs = Infinity;
  for (let made = 0; made < tries && leastMs >= longestBlockMs; made++) leastMs = Math.min(leastMs, await measure());
  return leastMs;
}

/**
 * Watches this process's main thread. `worstMs` is the longest it was kept busy without a turn of its event loop: CPU of the thread, not
 * the clock, because on a busy machine a process waits for its turn for longer than any limit, and nobody blocked it. Collecting the
 * garbage of this process, which is the test runner's, is left out: what a plugin could pile up here, others assert by memory. `ownMs` is how
 * long it watched by a clock that stands still while the process is not let: what its own timers could have done in that time.
 */
export function watchLoop(): { stop(): Promise<{ worstMs: number; ownMs: number }> } {
  const intervalMs = 5;
  /** A turn that comes later than this was held up by others. */
  const longestTurnMs = 4 * intervalMs;
  let worstMs = 0;
  let ownMs = 0;
  let cpu = process.threadCpuUsage();
  let last = performance.now();
  const collections = new PerformanceObserver(() => {});
  collections.observe({ entryTypes: ['gc'] });
  const judge = (busyMs: number): void => {
    const collectingMs = collections.takeRecords().reduce((sum, { duration }) => sum + duration, 0);
    worstMs = Math.max(worstMs, busyMs - collectingMs);
  };
  const look = (): void => {
    const { user, system } = process.threadCpuUsage(cpu);
    const busyMs = (user + system) / 1_000;
    const now = performance.now();
    // Collections are told of in the turn after their own.
    setImmediate(judge, busyMs);
    ownMs += Math.min(now - last, Math.max(longestTurnMs, busyMs));
    cpu = process.threadCpuUsage();
    last = now;
  };
  const timer = setInterval(look, intervalMs);
  return {
    async stop() {
      clearInterval(timer);
      look();
      await new Promise(setImmediate);
      collections.disconnect();
      return { worstMs, ownMs };
    },
  };
}
