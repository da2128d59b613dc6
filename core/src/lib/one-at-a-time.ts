/**
 * Wraps work that looks at everything anew each time: calls that come while it runs become one more run after it,
 * however many they are.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  function start(): Promise<void> {
    running = work().finally(() => {
      running = null;
    });
    return running;
  }
  return () => {
    if (running === null) return start();
    next ??= running
      .catch(() => {}) // Told to those who asked for that run.
      .then(() => {
        next = null;
        return start();
      });
    return next;
  };
}
