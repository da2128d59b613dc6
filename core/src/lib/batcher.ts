export interface BatcherOptions {
  maxItems: number;
  /** Batches that may be under way at once. */
  maxInFlight: number;
  /** While one is under way, another one starts when so many wait, or when they have waited for as long as `patienceMs`. */
  crowd?: number;
  patienceMs?: number;
}

/** The fixed cost of a batch is most of what a small one costs, so that it pays to wait for the one under way. */
const CROWD = 16;
/** Several times what a batch takes: one that is not over by then may hang. */
const PATIENCE_MS = 50;

/**
 * Joins calls that come while earlier ones are under way, and only those: alone, a call goes at once and waits for nobody.
 * `run` answers in the order of its items; when it throws, all of its callers hear so.
 */
export function createBatcher<I, O>(
  run: (items: I[]) => Promise<readonly O[]>,
  { maxItems, maxInFlight, crowd = CROWD, patienceMs = PATIENCE_MS }: BatcherOptions,
): (item: I) => Promise<O> {
  interface Waiting {
    item: I;
    resolve: (result: O) => void;
    reject: (error: unknown) => void;
  }
  const waiting: Waiting[] = [];
  let inFlight = 0;
  /** Runs while somebody waits for a batch that is under way: it may be one that hangs. */
  let patience: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    clearTimeout(patience);
    patience = undefined;
    inFlight++;
    const batch = waiting.splice(0, maxItems);
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
      if (inFlight >= maxInFlight) return;
      if (inFlight === 0 || waiting.length >= crowd) void flush();
      else patience ??= setTimeout(() => void flush(), patienceMs);
    });
}
