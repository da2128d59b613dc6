export interface BatcherOptions {
  maxItems: number;
  /** Batches that may be under way at once. */
  maxInFlight: number;
}

/**
 * Joins calls that come while earlier ones are under way, and only those: alone, a call goes at once and waits for nobody.
 * `run` answers in the order of its items; when it throws, all of its callers hear so.
 */
export function createBatcher<I, O>(
  run: (items: I[]) => Promise<readonly O[]>,
  options: BatcherOptions,
): (item: I) => Promise<O> {
  interface Waiting {
    item: I;
    resolve: (result: O) => void;
    reject: (error: unknown) => void;
  }
  const waiting: Waiting[] = [];
  let inFlight = 0;

  async function flush(): Promise<void> {
    inFlight++;
    const batch = waiting.splice(0, options.maxItems);
    try {
      const results = await run(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index]!);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      inFlight--;
      if (waiting.length > 0) void flush();
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (inFlight < options.maxInFlight) void flush();
    });
}
