import type { BooksReport } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import { isoTime } from '../../lib/iso-time.ts';

interface BooksRow {
  checked_at: string;
  transfers: string;
  users: number;
  drift: string;
  users_with_drift: number;
  unsettled_holds: number;
  holds_without_turn: number;
  oldest_hold_seconds: number;
  active_holds: number;
}

/**
 * Whether every balance is the sum of its transfers, every resolved hold has the transfers that resolve it, and every
 * active hold a turn that is open. One statement, so that it sees one moment.
 */
export async function checkBooks(pool: Pool): Promise<BooksReport> {
  const startedAt = performance.now();
  const { rows } = await pool.query<BooksRow>(CHECK);
  const row = rows[0]!;
  return {
    checkedAt: isoTime(row.checked_at),
    transfers: Number(row.transfers),
    users: row.users,
    drift: Number(row.drift),
    usersWithDrift: row.users_with_drift,
    unsettledHolds: row.unsettled_holds,
    holdsWithoutTurn: row.holds_without_turn,
    oldestHoldSeconds: row.oldest_hold_seconds,
    activeHolds: row.active_holds,
    milliseconds: Math.round(performance.now() - startedAt),
  };
}

/** Whether anything in it is what it must never be. */
export function isOff(report: BooksReport): boolean {
  return report.drift + report.usersWithDrift + report.unsettledHolds + report.holdsWithoutTurn > 0;
}

const CHECK = `
  with booked as (
    select user_id, count(*) as transfers,
      sum(case when credit = 'available' then amount when debit = 'available' then -amount else 0 end) as available,
      sum(case when credit = 'held' then amount when debit = 'held' then -amount else 0 end) as held
    from credit_transfer group by user_id),
  compared as (
    select coalesce(a.user_id, b.user_id) as user_id, coalesce(b.transfers, 0) as transfers,
      abs(coalesce(a.available, 0) - coalesce(b.available, 0)) + abs(coalesce(a.held, 0) - coalesce(b.held, 0)) as drift
    from credit_account a full join booked b on b.user_id = a.user_id),
  by_turn as (
    select turn_id,
      sum(amount) filter (where kind = 'hold') as held, count(*) filter (where kind = 'hold') as holds,
      sum(amount) filter (where kind = 'capture') as captured, count(*) filter (where kind = 'capture') as captures,
      sum(amount) filter (where kind = 'release') as released, count(*) filter (where kind = 'release') as releases,
      sum(amount) filter (where kind = 'refund') as refunded
    from credit_transfer where turn_id is not null group by turn_id),
  unsettled as (
    select coalesce(h.turn_id, t.turn_id) as turn_id from credit_hold h full join by_turn t on t.turn_id = h.turn_id
    where h.turn_id is null or t.turn_id is null or t.holds <> 1 or t.held <> h.amount
      or coalesce(t.captured, 0) <> h.captured or coalesce(t.refunded, 0) <> h.refunded
      or t.captures <> (h.captured > 0)::int
      or t.releases <> (h.state <> 'active' and h.captured < h.amount)::int
      or coalesce(t.released, 0) <> case h.state when 'active' then 0 else h.amount - h.captured end),
  orphaned as (
    select h.turn_id from credit_hold h left join turn t on t.id = h.turn_id
    where h.state = 'active' and (t.id is null or t.state not in ('queued', 'running')))
  select now() as checked_at,
    (select coalesce(sum(transfers), 0) from compared) as transfers,
    (select count(*) from compared)::int as users,
    (select coalesce(sum(drift), 0) from compared) as drift,
    (select count(*) from compared where drift > 0)::int as users_with_drift,
    (select count(*) from unsettled)::int as unsettled_holds,
    (select count(*) from orphaned)::int as holds_without_turn,
    (select coalesce(extract(epoch from now() - min(created_at)), 0)::int from credit_hold where state = 'active')
      as oldest_hold_seconds,
    (select count(*) from credit_hold where state = 'active')::int as active_holds`;
