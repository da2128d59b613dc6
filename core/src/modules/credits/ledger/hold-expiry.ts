import type { Pool } from 'pg';

/** As long as a hold lives without a renewal: far longer than any lease, so that the reaper settles first. */
const HOLD_MINUTES = 10;
export const HOLD_EXPIRY = `now() + interval '${HOLD_MINUTES} minutes'`;

/** Only what has used up half of its time is written: a heartbeat comes every few seconds. */
export async function renewHolds(pool: Pool, turnIds: readonly string[]): Promise<void> {
  await pool.query({
    name: 'credits.renew',
    text: `
      with stale as (
        select h.turn_id from credit_hold h
        where h.turn_id = any($1::uuid[]) and h.state = 'active'
          and h.expires_at < now() + interval '${HOLD_MINUTES / 2} minutes'
        order by h.turn_id for update)
      update credit_hold h set expires_at = ${HOLD_EXPIRY} from stale s where h.turn_id = s.turn_id and h.state = 'active'`,
    values: [turnIds],
  });
}
