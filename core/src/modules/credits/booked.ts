import type { TransferKind } from '@parley/sdk/contract';
import type { CreditMetrics } from '../../observability/metrics/credit-metrics.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import type { Account, ResolvedHold } from './ledger/index.ts';

/** What a transaction has moved: to be told when it is committed, and not before. */
export interface Booked {
  accounts: readonly Account[];
  moved: readonly { kind: TransferKind; amount: bigint }[];
}

export type TellBooked = (booked: Booked) => void;

/** To every tab of these people, and to the metrics. */
export function tellBooked(deps: { broadcaster: Broadcaster; metrics: CreditMetrics }): TellBooked {
  return ({ accounts, moved }) => {
    for (const { userId, available, held } of accounts) {
      const balance = { available: Number(available), held: Number(held) };
      deps.broadcaster.emit(`user:${userId}`, 'credits:changed', balance);
    }
    for (const { kind, amount } of moved) deps.metrics.moved(kind, amount);
  };
}

/** The transfers that resolve these holds. */
export function resolvingTransfers(holds: readonly ResolvedHold[]): Booked['moved'] {
  return holds
    .flatMap(({ amount, captured }) => [
      { kind: 'capture' as const, amount: captured },
      { kind: 'release' as const, amount: amount - captured },
    ])
    .filter(({ amount }) => amount > 0n);
}

/** People whose credits, locked ones included, have just fallen below what they wanted to be warned of. */
export function fallenBelow(accounts: readonly Account[], holds: readonly ResolvedHold[]): Account[] {
  return accounts.filter(({ userId, available, held, lowBalanceAt }) => {
    if (lowBalanceAt === null) return false;
    const spent = holds.reduce((sum, hold) => (hold.userId === userId ? sum + hold.captured : sum), 0n);
    const left = available + held;
    return left < lowBalanceAt && left + spent >= lowBalanceAt;
  });
}
