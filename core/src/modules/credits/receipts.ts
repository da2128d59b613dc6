import type { Receipt, Usage } from '@parley/sdk/contract';
import type { HoldState } from './credit-hold.entity.ts';
import type { NewHold, ResolvedHold } from './ledger/index.ts';

/** What is read of a hold to show it: as one JSON value, so that rows of other tables can carry it along. */
interface StoredReceipt {
  state: HoldState;
  estimate: number;
  amount: number;
  captured: number;
  refunded: number;
  priceId: string;
  countedBy: Usage['countedBy'] | null;
}

/** SQL for the receipt of a turn, null where it was free; `presentReceipt` reads it. */
export function receiptColumn(turnId: string): string {
  return `(
    select json_build_object('state', h.state, 'estimate', h.estimate, 'amount', h.amount, 'captured', h.captured,
      'refunded', h.refunded, 'priceId', h.price_id, 'countedBy', h.counted_by)
    from credit_hold h where h.turn_id = ${turnId}) as receipt`;
}
export type ReceiptColumn = StoredReceipt | null;

export function presentReceipt(stored: ReceiptColumn): Receipt | null {
  if (stored === null) return null;
  const { state, estimate, amount, captured, refunded, priceId, countedBy } = stored;
  const isOpen = state === 'active';
  return {
    state: isOpen ? 'held' : captured > 0 ? 'charged' : 'released',
    estimate,
    held: amount,
    charged: captured,
    released: isOpen ? 0 : amount - captured,
    refunded,
    priceId,
    countedBy,
  };
}

export function presentHeld(hold: Pick<NewHold, 'estimate' | 'amount' | 'priceId'>): Receipt {
  return {
    state: 'held',
    estimate: Number(hold.estimate),
    held: Number(hold.amount),
    charged: 0,
    released: 0,
    refunded: 0,
    priceId: hold.priceId,
    countedBy: null,
  };
}

export function presentResolved(hold: ResolvedHold): Receipt {
  return {
    state: hold.captured > 0n ? 'charged' : 'released',
    estimate: Number(hold.estimate),
    held: Number(hold.amount),
    charged: Number(hold.captured),
    released: Number(hold.amount - hold.captured),
    refunded: 0,
    priceId: hold.priceId,
    countedBy: hold.countedBy,
  };
}
