/**
 * Every statement that moves credits stands in this folder, whole or as parts of those that write turns. Their rules:
 * balances, ledger and holds change in one statement; a hold is resolved where it is still active, so of several who try
 * one wins; holds are locked before accounts, and each kind in the order of its ids, so that no two statements wait for
 * each other.
 */

export type { Account } from './account.ts';
export { fundsColumn, SPENT, type StoredFunds, toFunds } from './funds.ts';
export { renewHolds } from './hold-expiry.ts';
export { move, type Movement, refund } from './movements.ts';
export { type NewHold, newHoldRows, placedColumn, placing, type StoredPlaced, toPlaced } from './place-holds.ts';
export {
  expireHolds,
  type Resolution,
  resolvedColumn,
  type ResolvedHold,
  resolving,
  type StoredResolved,
  toResolution,
} from './resolve-holds.ts';
export { grantDue, MONTHLY_GRANT, SIGN_UP_GRANT } from './tier-grants.ts';
