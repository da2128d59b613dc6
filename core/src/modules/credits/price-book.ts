import type { Pool } from 'pg';
import { oneAtATime } from '../../lib/one-at-a-time.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { ChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import type { PriceVersion } from './price-rules.ts';

/** The price of every model that has none of its own. */
export const ANY_MODEL = '*';
const TOPIC = 'prices';

/** Prices that hold or will hold, in memory because every turn asks; every instance hears of changes. */
export interface PriceBook {
  /** Null: the model is free. */
  of(model: string): PriceVersion | null;
  /** Of each model that has one, the price that holds now. */
  current(): PriceVersion[];
  /** After a change: here at once, elsewhere as soon as the news arrives. */
  changed(): Promise<void>;
  stop(): void;
}

export async function openPriceBook(deps: {
  pool: Pool;
  changes: ChangeFeed;
  clock: Clock;
  log: Logger;
}): Promise<PriceBook> {
  /** By model, newest first. */
  let versions = new Map<string, PriceVersion[]>();

  const read = oneAtATime(async () => {
    const next = new Map<string, PriceVersion[]>();
    for (const version of await readPrices(deps.pool)) {
      next.set(version.model, [...(next.get(version.model) ?? []), version]);
    }
    versions = next;
  });
  await read();
  const stopListening = deps.changes.on(TOPIC, () => {
    read().catch((error: unknown) => deps.log.error({ err: error }, 'Prices could not be read again'));
  });

  const holding = (model: string): PriceVersion | undefined => {
    const now = deps.clock.now();
    return versions.get(model)?.find((version) => version.validFrom.getTime() <= now);
  };
  return {
    of: (model) => holding(model) ?? holding(ANY_MODEL) ?? null,
    current: () => [...versions.keys()].flatMap((model) => holding(model) ?? []),
    async changed() {
      await read();
      await deps.changes.announce(TOPIC);
    },
    stop: stopListening,
  };
}

interface PriceRow {
  id: string;
  model: string;
  valid_from: string;
  per_message: string;
  per_1k_input: string;
  per_1k_output: string;
  per_1k_reasoning: string | null;
  per_1k_cached_input: string | null;
  per_image: string;
  per_video_second: string;
  created_at: string;
}

/** Newest first. */
export async function readPrices(pool: Pool, id: string | null = null): Promise<PriceVersion[]> {
  const { rows } = await pool.query<PriceRow>(
    `select * from model_price where $1::uuid is null or id = $1 order by valid_from desc, id desc`,
    [id],
  );
  return rows.map((row) => ({
    id: row.id,
    model: row.model,
    validFrom: new Date(row.valid_from),
    perMessage: BigInt(row.per_message),
    per1kInput: BigInt(row.per_1k_input),
    per1kOutput: BigInt(row.per_1k_output),
    per1kReasoning: row.per_1k_reasoning === null ? null : BigInt(row.per_1k_reasoning),
    per1kCachedInput: row.per_1k_cached_input === null ? null : BigInt(row.per_1k_cached_input),
    perImage: BigInt(row.per_image),
    perVideoSecond: BigInt(row.per_video_second),
    createdAt: new Date(row.created_at),
  }));
}
