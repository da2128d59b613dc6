import type { TurnReceipt } from '@parley/sdk/contract';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../ports/database/transaction.ts';
import type { TellBooked } from './booked.ts';
import { NothingToRefund, ReceiptNotFound, TransferKeyReused } from './credits.errors.ts';
import { presentPrice } from './credits.presenter.ts';
import { refund } from './ledger/index.ts';
import { readPrices } from './price-book.ts';
import { presentReceipt, receiptColumn, type ReceiptColumn } from './receipts.ts';
import type { TransfersService } from './transfers.service.ts';

export interface Refund {
  /** Null: all that is left of the charge. */
  amount: bigint | null;
  reason: string;
  actorId: string;
  idempotencyKey: string;
}

/** What one turn has cost, whole; and giving it back. */
export class TurnReceiptsService {
  readonly #pool: Pool;
  readonly #transfers: TransfersService;
  readonly #tell: TellBooked;

  constructor(deps: { pool: Pool; transfers: TransfersService; tell: TellBooked }) {
    this.#pool = deps.pool;
    this.#transfers = deps.transfers;
    this.#tell = deps.tell;
  }

  /** `userId` null: whoever it belongs to, for admins. */
  async get(userId: string | null, turnId: string): Promise<TurnReceipt> {
    const { rows } = await this.#pool.query<{
      user_id: string;
      model: string;
      price_id: string;
      input_tokens: number | null;
      output_tokens: number | null;
      receipt: ReceiptColumn;
    }>(
      `select c.user_id, c.model, c.price_id, c.input_tokens, c.output_tokens, ${receiptColumn('c.turn_id')}
       from credit_hold c where c.turn_id = $1 and ($2::uuid is null or c.user_id = $2)`,
      [turnId, userId],
    );
    const row = rows[0];
    const receipt = presentReceipt(row?.receipt ?? null);
    if (row === undefined || receipt === null) throw ReceiptNotFound();
    const [price] = await readPrices(this.#pool, row.price_id);
    const { items } = await this.#transfers.list({ userId: row.user_id, turnId, limit: 100 });
    return {
      turnId,
      model: row.model,
      receipt,
      price: presentPrice(price!),
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      transfers: items.toReversed(),
    };
  }

  async refund(
    turnId: string,
    wanted: Refund,
    also: (client: PoolClient, userId: string, amount: bigint) => Promise<void>,
  ): Promise<TurnReceipt> {
    const idempotencyKey = `refund:${turnId}:${wanted.idempotencyKey}`;
    const refunded = await inTransaction(this.#pool, async (client) => {
      const done = await refund(client, turnId, { ...wanted, idempotencyKey });
      if (done === null) return null;
      if ('keyReused' in done) throw TransferKeyReused();
      if ('refundable' in done) throw NothingToRefund({ refundable: Number(done.refundable) });
      await also(client, done.account.userId, done.amount);
      return done;
    });
    if (refunded !== null) {
      this.#tell({ accounts: [refunded.account], moved: [{ kind: 'refund', amount: refunded.amount }] });
    }
    return this.get(null, turnId);
  }
}
