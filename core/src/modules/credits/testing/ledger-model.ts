import { expect } from 'vitest';
import type { Account as WholeAccount } from '../ledger/index.ts';

type Account = Pick<WholeAccount, 'userId' | 'available' | 'held'>;

/** One transaction of the ledger. */
export type Operation =
  | { kind: 'hold'; holds: { turnId: string; userId: string; amount: bigint }[] }
  /** A charge of 0 is a release. */
  | { kind: 'settle'; ends: { turnId: string; charge: bigint }[] }
  | { kind: 'expire' }
  | { kind: 'renew' | 'age'; turnId: string }
  | { kind: 'move'; userId: string; movement: 'grant' | 'adjust'; amount: bigint; key: string }
  | { kind: 'refund'; turnId: string; amount: bigint | null; key: string };

/** What the ledger answered, or why it refused. */
export type Answer =
  | { refused: 'cannot-pay' | 'hold-exists' | 'too-low' }
  | { resolved: { turnId: string; captured: bigint }[]; accounts: Account[] }
  | { moved: Account | null }
  | { refunded: { account: Account; amount: bigint } | { refundable: bigint } | { keyReused: true } | null }
  | { done: true };

interface Hold {
  userId: string;
  amount: bigint;
  state: 'active' | 'captured' | 'released' | 'expired';
  captured: bigint;
  refunded: bigint;
  isOverdue: boolean;
}
interface Balance {
  available: bigint;
  held: bigint;
}

/** All that has been committed, in memory and one thing after another: what the ledger must be equal to. */
export class LedgerModel {
  readonly balances = new Map<string, Balance>();
  readonly holds = new Map<string, Hold>();
  /** Of bookings and refunds, each used once. */
  readonly #keys = new Set<string>();
  /** `user kind amount`, as the ledger has them. */
  readonly transfers: string[] = [];

  /**
   * Throws when this can't be the answer. Returns what is true once it is committed. `touched`: turns that other
   * open transactions may have locked, which an expiry passes over.
   */
  judge(operation: Operation, answer: Answer, touched: ReadonlySet<string>): () => void {
    switch (operation.kind) {
      case 'hold':
        return this.#judgeHold(operation.holds, answer);
      case 'settle': {
        const ends = operation.ends.filter(({ turnId }) => this.holds.get(turnId)?.state === 'active');
        return this.#judgeResolution(
          ends.map(({ turnId, charge }) => ({ turnId, captured: least(charge, this.holds.get(turnId)!.amount) })),
          'released',
          answer,
        );
      }
      case 'expire':
        return this.#judgeExpiry(answer, touched);
      case 'renew':
      case 'age': {
        expect(answer).toEqual({ done: true });
        const hold = this.holds.get(operation.turnId);
        // One that found nothing to renew has locked nothing: what comes true before its commit is not its own.
        const isMoved = hold?.state === 'active' && (operation.kind === 'age' || hold.isOverdue);
        return () => {
          if (isMoved) hold.isOverdue = operation.kind === 'age';
        };
      }
      case 'move':
        return this.#judgeMove(operation, answer);
      case 'refund':
        return this.#judgeRefund(operation, answer);
    }
  }

  #judgeHold(holds: Extract<Operation, { kind: 'hold' }>['holds'], answer: Answer): () => void {
    const total = new Map<string, bigint>();
    for (const { userId, amount } of holds) total.set(userId, (total.get(userId) ?? 0n) + amount);
    const canPay = (userId: string) => (this.balances.get(userId)?.available ?? -1n) >= total.get(userId)!;
    // A hold of somebody who can't pay is not even tried, so it can't be found to be there already.
    if (holds.some(({ userId, turnId }) => canPay(userId) && this.holds.has(turnId))) {
      expect(answer).toEqual({ refused: 'hold-exists' });
      return nothing;
    }
    if (!holds.every(({ userId }) => canPay(userId))) {
      expect(answer).toEqual({ refused: 'cannot-pay' });
      return nothing;
    }
    expect(answer).toEqual({ done: true });
    return () => {
      for (const { turnId, userId, amount } of holds) {
        this.holds.set(turnId, {
          userId,
          amount,
          state: 'active',
          captured: 0n,
          refunded: 0n,
          isOverdue: false,
        });
        this.#book(userId, 'hold', amount, { available: -amount, held: amount });
      }
    };
  }

  #judgeExpiry(answer: Answer, touched: ReadonlySet<string>): () => void {
    if (!('resolved' in answer)) expect.unreachable('an expiry was refused');
    const expired = new Set(answer.resolved.map(({ turnId }) => turnId));
    for (const [turnId, { state, isOverdue }] of this.holds) {
      const mayExpire = state === 'active' && isOverdue;
      if (expired.has(turnId)) expect([turnId, mayExpire]).toEqual([turnId, true]);
      else if (mayExpire) expect([turnId, touched.has(turnId)]).toEqual([turnId, true]);
    }
    return this.#judgeResolution(
      [...expired].map((turnId) => ({ turnId, captured: 0n })),
      'expired',
      answer,
    );
  }

  #judgeResolution(
    expected: { turnId: string; captured: bigint }[],
    uncharged: 'released' | 'expired',
    answer: Answer,
  ): () => void {
    const after = new Map<string, Account>();
    for (const { turnId, captured } of expected) {
      const { userId, amount } = this.holds.get(turnId)!;
      const before = after.get(userId) ?? { userId, ...this.balances.get(userId)! };
      after.set(userId, {
        userId,
        available: before.available + amount - captured,
        held: before.held - amount,
      });
    }
    expect(answer).toEqual({
      resolved: expected.toSorted(byTurn),
      accounts: [...after.values()].toSorted(byUser),
    });
    return () => {
      for (const { turnId, captured } of expected) {
        const hold = this.holds.get(turnId)!;
        Object.assign(hold, { state: captured > 0n ? 'captured' : uncharged, captured });
        const { userId, amount } = hold;
        if (captured > 0n) this.#book(userId, 'capture', captured, { held: -captured });
        if (amount > captured) {
          this.#book(userId, 'release', amount - captured, { held: captured - amount, available: amount - captured });
        }
      }
    };
  }

  #judgeMove(operation: Extract<Operation, { kind: 'move' }>, answer: Answer): () => void {
    const { userId, movement, amount, key } = operation;
    if (this.#keys.has(key)) {
      expect(answer).toEqual({ moved: null });
      return nothing;
    }
    const { available, held } = this.balances.get(userId) ?? { available: 0n, held: 0n };
    if (available + amount < 0n) {
      expect(answer).toEqual({ refused: 'too-low' });
      return nothing;
    }
    expect(answer).toEqual({ moved: { userId, available: available + amount, held } });
    return () => {
      this.#keys.add(key);
      this.#book(userId, movement, amount < 0n ? -amount : amount, { available: amount });
    };
  }

  #judgeRefund(operation: Extract<Operation, { kind: 'refund' }>, answer: Answer): () => void {
    const { turnId, key } = operation;
    const hold = this.holds.get(turnId);
    if (this.#keys.has(key)) {
      expect(answer).toEqual({ refunded: null });
      return nothing;
    }
    const refundable = hold === undefined ? 0n : hold.captured - hold.refunded;
    const amount = operation.amount ?? refundable;
    if (hold === undefined || amount === 0n || amount > refundable) {
      expect(answer).toEqual({ refunded: { refundable } });
      return nothing;
    }
    const { available, held } = this.balances.get(hold.userId)!;
    const account = { userId: hold.userId, available: available + amount, held };
    expect(answer).toEqual({ refunded: { account, amount } });
    return () => {
      this.#keys.add(key);
      hold.refunded += amount;
      this.#book(hold.userId, 'refund', amount, { available: amount });
    };
  }

  #book(userId: string, kind: string, amount: bigint, change: Partial<Balance>): void {
    const { available, held } = this.balances.get(userId) ?? { available: 0n, held: 0n };
    this.balances.set(userId, {
      available: available + (change.available ?? 0n),
      held: held + (change.held ?? 0n),
    });
    this.transfers.push(`${userId} ${kind} ${amount}`);
  }
}

function nothing(): void {
  // What was refused, or known already, changes nothing.
}
function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
export function byTurn(one: { turnId: string }, other: { turnId: string }): number {
  return one.turnId < other.turnId ? -1 : 1;
}
export function byUser(one: { userId: string }, other: { userId: string }): number {
  return one.userId < other.userId ? -1 : 1;
}
