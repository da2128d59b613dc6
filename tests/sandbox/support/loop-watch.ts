/**
 * Measures how long this process's main thread was kept busy without a turn of its event loop. Counts CPU of the thread, not the
 * clock: on a busy machine a process waits for its turn for longer than any limit, and nobody blocked it.
 */
export function watchLoop(): { stop(): number } {
  const intervalMs = 5;
  let worstMs = 0;
  let before = process.threadCpuUsage();
  const look = (): void => {
    const { user, system } = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    worstMs = Math.max(worstMs, (user + system) / 1_000);
  };
  const timer = setInterval(look, intervalMs);
  return {
    stop() {
      clearInterval(timer);
      look();
      return worstMs;
    },
  };
}
