import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { type Database, openDatabase } from '../../../ports/database/database.ts';
import { inTransaction } from '../../../ports/database/transaction.ts';
import { createMigratedDatabase } from '../../../testing/migrated-database.ts';
import { move, type NewHold } from '../ledger/index.ts';
import { placeHolds } from './turn-statements.ts';

export interface LedgerKit {
  database: Database;
  /** In a transaction of its own. */
  run<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  /** Somebody with so many micro-credits. */
  rich(amount: bigint): Promise<string>;
  /** An active hold; the id of its turn. Throws when the account can't pay it. */
  hold(userId: string, amount: bigint, fields?: Partial<NewHold>): Promise<string>;
  balance(userId: string): Promise<{ available: number; held: number }>;
  /** What the ledger says of a turn, in order: `kind amount`. */
  story(turnId: string): Promise<string[]>;
}

/** The ledger alone on a database of its own. */
export async function createLedgerKit(undo: AsyncDisposableStack): Promise<LedgerKit> {
  const url = await createMigratedDatabase(undo);
  const database = await openDatabase({ url });
  undo.defer(() => database.close());
  const run: LedgerKit['run'] = (work) => inTransaction(database.pool, work);

  return {
    database,
    run,
    async rich(amount) {
      const userId = randomUUID();
      await run((client) =>
        move(client, { userId, kind: 'grant', amount, reason: 'test', actorId: null, idempotencyKey: randomUUID() }),
      );
      return userId;
    },
    async hold(userId, amount, fields = {}) {
      const turnId = fields.turnId ?? randomUUID();
      const hold = { conversationId: null, model: 'demo/model', priceId: randomUUID(), estimate: amount, ...fields };
      await run((client) => placeAll(client, [{ ...hold, turnId, userId, amount }]));
      return turnId;
    },
    async balance(userId) {
      const { rows } = await database.pool.query<{ available: string; held: string }>(
        'select available, held from credit_account where user_id = $1',
        [userId],
      );
      return { available: Number(rows[0]?.available), held: Number(rows[0]?.held) };
    },
    async story(turnId) {
      const { rows } = await database.pool.query<{ kind: string; amount: string }>(
        'select kind, amount from credit_transfer where turn_id = $1 order by id',
        [turnId],
      );
      return rows.map(({ kind, amount }) => `${kind} ${amount}`);
    },
  };
}

/** Throws when some account can't pay, so that the transaction is rolled back as an admission is. */
export async function placeAll(client: PoolClient, holds: readonly NewHold[]): Promise<void> {
  if ((await placeHolds(client, holds)) === null) throw new CannotPay();
}
export class CannotPay extends Error {
  constructor() {
    super('an account cannot pay');
  }
}
