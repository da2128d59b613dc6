import { randomUUID } from 'node:crypto';
import { Client, type Pool, type PoolClient } from 'pg';
import { errorCode } from '../../../lib/error-code.ts';
import { type Account, expireHolds, move, type NewHold, refund, renewHolds, type Resolution } from '../ledger/index.ts';
import { placeHolds, readFunds, resolveHolds } from './turn-statements.ts';
import { HoldTally } from '../hold-rules.ts';
import { type Answer, byTurn, byUser, type Operation } from './ledger-model.ts';

/** More than are ever overdue at once. */
const EXPIRE_AT_MOST = 1_000;

/** A connection of its own on which one transaction at a time is begun, and then committed, taken back or cut off. */
export class LedgerLine {
  readonly #url: string;
  #client: Client;
  pid = 0;
  operation: Operation | null = null;
  /** What others may have locked at any time since it began. */
  readonly passedOver = new Set<string>();
  /** Undefined: the statement has not been answered. */
  answer: Answer | undefined;
  /** Neither an answer nor a refusal that the ledger knows. */
  fault: unknown;
  answered: Promise<void> = Promise.resolve();

  constructor(url: string) {
    this.#url = url;
    this.#client = new Client({ connectionString: url });
  }

  async open(): Promise<void> {
    this.#client.on('error', () => {
      // It is cut off on purpose; whoever waits for its answer is told by that.
    });
    await this.#client.connect();
    const { rows } = await this.#client.query<{ pid: number }>('select pg_backend_pid() as pid');
    this.pid = rows[0]!.pid;
  }

  close(): Promise<void> {
    return this.#client.end();
  }

  get isWaiting(): boolean {
    return this.operation !== null && this.answer === undefined && this.fault === undefined;
  }

  begin(operation: Operation): void {
    this.operation = operation;
    this.passedOver.clear();
    this.answer = undefined;
    this.fault = undefined;
    const client = this.#client;
    this.answered = carryOut(client as unknown as PoolClient, operation).then(
      (answer) => {
        if (client === this.#client) this.answer = answer;
      },
      (error: unknown) => {
        if (client === this.#client) this.fault = error;
      },
    );
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    await this.#client.query(how);
    this.operation = null;
  }

  /** As a process that dies: its backend is gone, with all it held, when this returns. */
  async cut(by: Client): Promise<void> {
    await by.query('select pg_terminate_backend($1, 60000)', [this.pid]);
    this.#client = new Client({ connectionString: this.#url });
    this.operation = null;
    await this.open();
  }
}

/** In a transaction that is left open. */
async function carryOut(client: PoolClient, operation: Operation): Promise<Answer> {
  await client.query('begin');
  switch (operation.kind) {
    case 'hold':
      return placeAll(client, operation.holds);
    case 'settle':
      return resolution(
        await resolveHolds(
          client,
          operation.ends.map((end) => ({ ...end, usage: null })),
        ),
      );
    case 'expire':
      return resolution(await expireHolds(client, EXPIRE_AT_MOST));
    case 'renew':
      await renewHolds(client as unknown as Pool, [operation.turnId]);
      return { done: true };
    case 'age':
      await client.query(
        `update credit_hold set expires_at = now() - interval '1 hour' where turn_id = $1 and state = 'active'`,
        [operation.turnId],
      );
      return { done: true };
    case 'move': {
      const { userId, movement, amount, key } = operation;
      const booking = { userId, kind: movement, amount, reason: 'test', actorId: null, idempotencyKey: key };
      const moved = await move(client, booking);
      if (moved === 'too-low') return { refused: 'too-low' };
      return { moved: moved === null ? null : balanceOf(moved) };
    }
    case 'refund': {
      const { turnId, amount, key } = operation;
      const options = { amount, reason: 'test', actorId: randomUUID(), idempotencyKey: key };
      const refunded = await refund(client, turnId, options);
      const isDone = refunded !== null && 'account' in refunded;
      return { refunded: isDone ? { ...refunded, account: balanceOf(refunded.account) } : refunded };
    }
  }
}

/** As an admission does: looks, places, and looks again where credits were moved between. */
async function placeAll(client: PoolClient, holds: Extract<Operation, { kind: 'hold' }>['holds']): Promise<Answer> {
  const shared = { conversationId: null, model: 'demo/model', priceId: randomUUID() };
  const wanted = holds.map((hold) => ({ ...shared, ...hold, estimate: hold.amount }));
  await client.query('savepoint look');
  for (;;) {
    if (!(await canPay(client, wanted))) return { refused: 'cannot-pay' };
    try {
      if ((await placeHolds(client, wanted)) !== null) return { done: true };
      await client.query('rollback to savepoint look');
    } catch (error) {
      if (errorCode(error) === '23505') return { refused: 'hold-exists' };
      throw error;
    }
  }
}

async function canPay(client: PoolClient, holds: readonly NewHold[]): Promise<boolean> {
  const tally = new HoldTally();
  for (const hold of holds) {
    const of = { userId: hold.userId, conversationId: hold.turnId, dayStart: new Date(0) };
    if (tally.refusalOf(hold, await readFunds(client, of)) !== null) return false;
    tally.take(hold);
  }
  return true;
}

function balanceOf({ userId, available, held }: Account): Pick<Account, 'userId' | 'available' | 'held'> {
  return { userId, available, held };
}

function resolution({ holds, accounts }: Resolution): Answer {
  return {
    resolved: holds.map(({ turnId, captured }) => ({ turnId, captured })).toSorted(byTurn),
    accounts: accounts.map(balanceOf).toSorted(byUser),
  };
}
