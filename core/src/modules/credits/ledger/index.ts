/**
 * Every statement that moves credits stands in this folder. Their rules: balances, ledger and holds change in one
 * statement; a hold is resolved where it is still active, so of several who try one wins; holds are locked before
 * accounts, and each kind in the order of its ids, so that no two statements wait for each other.
 */

export type { Account } from './account.ts';
export { lockFunds, SPENT } from './funds.ts';
export {
  expireHolds,
  type HoldEnd,
  type NewHold,
  placeHolds,
  renewHolds,
  type Resolution,
  type ResolvedHold,
  resolveHolds,
} from './holds.ts';
export { move, type Movement, refund } from './movements.ts';
export { grantDue, MONTHLY_GRANT, SIGN_UP_GRANT } from './tier-grants.ts';
