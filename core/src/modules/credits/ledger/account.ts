export interface Account {
  userId: string;
  available: bigint;
  held: bigint;
  /** Of the user himself; null: he wants no warning. */
  lowBalanceAt: bigint | null;
}
/** As statements return it. */
export interface AccountRow {
  user_id: string;
  available: string;
  held: string;
  low_balance_at: string | null;
}

export function toAccount(row: AccountRow): Account {
  return {
    userId: row.user_id,
    available: BigInt(row.available),
    held: BigInt(row.held),
    lowBalanceAt: row.low_balance_at === null ? null : BigInt(row.low_balance_at),
  };
}

/** SQL for an account named `a` as a JSON value of an `AccountRow`. */
export function accountJson(a: string): string {
  return `json_build_object('user_id', ${a}.user_id, 'available', ${a}.available::text, 'held', ${a}.held::text,
    'low_balance_at', ${a}.low_balance_at::text)`;
}
