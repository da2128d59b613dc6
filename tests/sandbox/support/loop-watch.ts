/**
 * Watches this process's main thread. `worstMs` is the longest it was kept busy without a turn of its event loop: CPU of the thread, not
 * the clock, because on a busy machine a process waits for its turn for longer than any limit, and nobody blocked it. `ownMs` is how
 * long it watched by a clock that stands still while the process is not let: what its own timers could have done in that time.
 */
export function watchLoop(): { stop(): { worstMs: number; ownMs: number } } {
  const intervalMs = 5;
  /** A turn that comes later than this was held up by others. */
  const longestTurnMs = 4 * intervalMs;
  let worstMs = 0;
  let ownMs = 0;
  let cpu = process.threadCpuUsage();
  let last = performance.now();
  const look = (): void => {
    const { user, system } = process.threadCpuUsage(cpu);
    const busyMs = (user + system) / 1_000;
    const now = performance.now();
    worstMs = Math.max(worstMs, busyMs);
    ownMs += Math.min(now - last, Math.max(longestTurnMs, busyMs));
    cpu = process.threadCpuUsage();
    last = now;
  };
  const timer = setInterval(look, intervalMs);
  return {
    stop() {
      clearInterval(timer);
      look();
      return { worstMs, ownMs };
    },
  };
}
