/** Resolves when the work is done or the time is over, whichever comes first. The clock keeps no process alive. */
export async function waitAtMost(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, milliseconds).unref();
  try {
    await Promise.race([work, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}
