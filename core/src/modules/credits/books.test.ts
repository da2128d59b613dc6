import { expect, test } from 'vitest';
import { testSize } from '../../config/test-services.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { openDatabase } from '../../ports/database/database.ts';
import { checkBooks, isOff } from './books.ts';

const PEOPLE = 1_000;

test('the books of many people over a long time are checked in less than a minute', { timeout: 900_000 }, async () => {
  await using undo = new AsyncDisposableStack();
  const { pool, close } = await openDatabase({ url: await createMigratedDatabase(undo) });
  undo.defer(() => close());
  const transfers = testSize('TRANSFERS', 30_000);
  // Every turn has three: its hold, what it cost and what came back.
  const turns = Math.floor(transfers / 3);
  await pool.query(
    `insert into credit_account (user_id, available)
     select gen_random_uuid(), 0 from generate_series(1, $1)`,
    [PEOPLE],
  );
  await pool.query(
    `with person as (select user_id, row_number() over () as nth from credit_account)
     insert into credit_hold (turn_id, user_id, model, price_id, estimate, amount, state, captured, expires_at, resolved_at)
     select gen_random_uuid(), p.user_id, 'demo/model', gen_random_uuid(), 100, 100, 'captured', 60, now(), now()
     from generate_series(1, $1) as n join person p on p.nth = 1 + n % $2`,
    [turns, PEOPLE],
  );
  await pool.query(
    `insert into credit_transfer (user_id, kind, debit, credit, amount, turn_id, idempotency_key)
     select h.user_id, m.kind, m.debit, m.credit, m.amount, h.turn_id, m.kind || ':' || h.turn_id
     from credit_hold h cross join (values
       ('hold', 'available', 'held', 100), ('capture', 'held', 'revenue', 60), ('release', 'held', 'available', 40))
       m (kind, debit, credit, amount)`,
  );
  await pool.query(
    `insert into credit_transfer (user_id, kind, debit, credit, amount, idempotency_key)
     select user_id, 'grant', 'granted', 'available', 1000000, 'grant:' || user_id from credit_account`,
  );
  await pool.query(
    `update credit_account a set available = 1000000 - 60 * t.turns
     from (select user_id, count(*) as turns from credit_hold group by user_id) t where t.user_id = a.user_id`,
  );
  const report = await checkBooks(pool);
  process.stdout.write(`books of ${report.transfers} transfers checked in ${report.milliseconds} ms\n`);
  expect(report).toMatchObject({ transfers: turns * 3 + PEOPLE, users: PEOPLE, unsettledHolds: 0, drift: 0 });
  expect(isOff(report)).toBe(false);
  expect(report.milliseconds).toBeLessThan(60_000);
});
