const EVERY_MS = 50;

/**
 * Tells how much later than planned the event loop came to a timer. A histogram of it can be added up over instances and
 * read by several scrapers, which Node's own percentiles cannot.
 */
export function watchEventLoop(delayed: (seconds: number) => void): () => void {
  let dueAt = performance.now() + EVERY_MS;
  const timer = setInterval(() => {
    const now = performance.now();
    delayed(Math.max(0, now - dueAt) / 1000);
    dueAt = now + EVERY_MS;
  }, EVERY_MS).unref();
  return () => clearInterval(timer);
}
