import type { Balance, Transfer, TransferKind } from '@parley/sdk/contract';
import type { Pool, PoolClient } from 'pg';
import { errorCode } from '../../lib/error-code.ts';
import { isoTime } from '../../lib/iso-time.ts';
import { inTransaction } from '../../ports/database/transaction.ts';
import type { TellBooked } from './booked.ts';
import { BalanceTooHigh, BalanceTooLow, TransferKeyReused } from './credits.errors.ts';
import { move, type Movement } from './ledger/index.ts';

interface TransferRow {
  id: string;
  user_id: string;
  kind: TransferKind;
  debit: Transfer['from'];
  credit: Transfer['to'];
  amount: string;
  turn_id: string | null;
  actor_id: string | null;
  reason: string | null;
  created_at: string;
}
export interface TransferFilter {
  /** Absent: of everybody. */
  userId?: string;
  kind?: TransferKind;
  turnId?: string;
  /** The last id of the page before. */
  cursor?: string;
  limit: number;
}
const CURSOR = /^\d{1,18}$/;

/** Grants and corrections, and reading the ledger. */
export class TransfersService {
  readonly #pool: Pool;
  readonly #tell: TellBooked;

  constructor(deps: { pool: Pool; tell: TellBooked }) {
    this.#pool = deps.pool;
    this.#tell = deps.tell;
  }

  /** Booked once for a key; `also` runs in the same transaction when it is booked. False: it had been booked before. */
  async book(movement: Movement, also: (client: PoolClient) => Promise<unknown> = async () => {}): Promise<boolean> {
    const account = await inTransaction(this.#pool, async (client) => {
      const booked = await move(client, movement);
      if (booked === 'too-low') throw BalanceTooLow({ available: await this.#available(movement.userId) });
      if (booked === null) await this.#assertSame(client, movement);
      else await also(client);
      return booked;
    }).catch(explainTooHigh);
    if (account === null) return false;
    const amount = movement.amount > 0n ? movement.amount : -movement.amount;
    this.#tell({ accounts: [account], moved: [{ kind: movement.kind, amount }] });
    return true;
  }

  async list(filter: TransferFilter): Promise<{ items: Transfer[]; nextCursor: string | null }> {
    const before = filter.cursor !== undefined && CURSOR.test(filter.cursor) ? filter.cursor : null;
    const { rows } = await this.#pool.query<TransferRow>(
      `select id, user_id, kind, debit, credit, amount, turn_id, actor_id, reason, created_at from credit_transfer
       where ($1::uuid is null or user_id = $1) and ($2::text is null or kind = $2)
         and ($3::uuid is null or turn_id = $3) and ($4::bigint is null or id < $4)
       order by id desc limit $5`,
      [filter.userId ?? null, filter.kind ?? null, filter.turnId ?? null, before, filter.limit + 1],
    );
    const items = rows.slice(0, filter.limit).map(presentTransfer);
    return { items, nextCursor: rows.length > filter.limit ? items.at(-1)!.id : null };
  }

  async #available(userId: string): Promise<Balance['available']> {
    const { rows } = await this.#pool.query<{ available: string }>(
      'select available from credit_account where user_id = $1',
      [userId],
    );
    return Number(rows[0]?.available ?? 0);
  }

  async #assertSame(client: PoolClient, { userId, kind, amount, reason, idempotencyKey }: Movement): Promise<void> {
    const { rowCount } = await client.query(
      `select 1 from credit_transfer where idempotency_key = $1 and user_id = $2 and kind = $3 and reason = $4
         and amount = abs($5::bigint) and (credit = 'available') = ($5::bigint > 0)`,
      [idempotencyKey, userId, kind, reason, String(amount)],
    );
    if (rowCount === 0) throw TransferKeyReused();
  }
}

/** The check of the account's own bound; SQLSTATE 23514. */
function explainTooHigh(error: unknown): never {
  throw errorCode(error) === '23514' ? BalanceTooHigh() : error;
}

function presentTransfer(row: TransferRow): Transfer {
  return {
    id: row.id,
    userId: row.user_id,
    kind: row.kind,
    from: row.debit,
    to: row.credit,
    amount: Number(row.amount),
    turnId: row.turn_id,
    actorId: row.actor_id,
    reason: row.reason,
    createdAt: isoTime(row.created_at),
  };
}
