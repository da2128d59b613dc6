import type { Price, PriceCreate } from '@parley/sdk/contract';
import type { Pool, PoolClient } from 'pg';
import type { z } from 'zod';
import { errorCode } from '../../lib/error-code.ts';
import { uuidV7 } from '../../lib/uuid-v7.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import { inTransaction } from '../../ports/database/transaction.ts';
import { PriceHoldsAlready, PriceInThePast, PriceNotFound, PriceTimeTaken } from './credits.errors.ts';
import { presentPrice } from './credits.presenter.ts';
import { type PriceBook, readPrices } from './price-book.ts';

/** A form that was filled in slowly, or a clock that is a little off, is not the past. */
const TOLERANCE_MS = 60_000;

/** Setting prices. A version that holds or has held is never changed: receipts name it. */
export class PricesService {
  readonly #pool: Pool;
  readonly #book: PriceBook;
  readonly #clock: Clock;

  constructor(deps: { pool: Pool; prices: PriceBook; clock: Clock }) {
    this.#pool = deps.pool;
    this.#book = deps.prices;
    this.#clock = deps.clock;
  }

  current(): Price[] {
    return this.#book.current().map(presentPrice);
  }

  async list(): Promise<Price[]> {
    return (await readPrices(this.#pool)).map(presentPrice);
  }

  async set(
    price: z.output<typeof PriceCreate>,
    createdBy: string,
    also: (client: PoolClient, id: string) => Promise<void>,
  ): Promise<Price> {
    const now = this.#clock.now();
    const validFrom = price.validFrom === undefined ? now : Date.parse(price.validFrom);
    if (validFrom < now - TOLERANCE_MS) throw PriceInThePast();
    const id = uuidV7();
    await inTransaction(this.#pool, async (client) => {
      await client.query(
        `insert into model_price (id, model, valid_from, per_message, per_1k_input, per_1k_output, per_1k_reasoning,
           per_1k_cached_input, per_image, per_video_second, created_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          id,
          price.model,
          // Never earlier than now: a turn that was admitted a moment ago keeps the price it was told.
          new Date(Math.max(validFrom, now)),
          price.perMessage,
          price.per1kInput,
          price.per1kOutput,
          price.per1kReasoning,
          price.per1kCachedInput,
          price.perImage,
          price.perVideoSecond,
          createdBy,
        ],
      );
      await also(client, id);
    }).catch((error: unknown) => {
      throw errorCode(error) === '23505' ? PriceTimeTaken() : error;
    });
    await this.#book.changed();
    return presentPrice((await readPrices(this.#pool, id))[0]!);
  }

  async withdraw(id: string, also: (client: PoolClient, model: string) => Promise<void>): Promise<void> {
    await inTransaction(this.#pool, async (client) => {
      const { rows } = await client.query<{ model: string; is_future: boolean }>(
        'select model, valid_from > now() as is_future from model_price where id = $1 for update',
        [id],
      );
      if (rows[0] === undefined) throw PriceNotFound();
      if (!rows[0].is_future) throw PriceHoldsAlready();
      await client.query('delete from model_price where id = $1', [id]);
      await also(client, rows[0].model);
    });
    await this.#book.changed();
  }
}
