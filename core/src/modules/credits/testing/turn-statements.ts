import type { Usage } from '@parley/sdk/contract';
import type { PoolClient } from 'pg';
import type { Funds } from '../hold-rules.ts';
import {
  type Account,
  fundsColumn,
  type NewHold,
  newHoldRows,
  placedColumn,
  placing,
  type Resolution,
  resolvedColumn,
  resolving,
  type StoredFunds,
  type StoredPlaced,
  type StoredResolved,
  toFunds,
  toPlaced,
  toResolution,
} from '../ledger/index.ts';

/** What the statements of turns do to credits, without the turns. */

export interface HoldEnd {
  turnId: string;
  charge: bigint;
  usage: Usage | null;
}

export async function readFunds(
  client: PoolClient,
  of: { userId: string; conversationId: string; dayStart: Date | null },
): Promise<Funds | null> {
  const { rows } = await client.query<{ funds: StoredFunds | null }>(
    `select ${fundsColumn({ userId: '$1', conversationId: '$2', dayStart: '$3::timestamptz' })}`,
    [of.userId, of.conversationId, of.dayStart],
  );
  const funds = rows[0]!.funds;
  return funds === null ? null : toFunds(funds);
}

/** Null: some account could not pay. Whoever is told so rolls back. */
export async function placeHolds(client: PoolClient, holds: readonly NewHold[]): Promise<Account[] | null> {
  const { rows } = await client.query<{ placed: StoredPlaced }>({
    name: 'test.hold',
    text: `with nothing as (select 1), ${placing('$1::json', 'nothing')} select ${placedColumn}`,
    values: [newHoldRows(holds)],
  });
  return toPlaced(rows[0]!.placed, holds.length);
}

export async function resolveHolds(client: PoolClient, ends: readonly HoldEnd[]): Promise<Resolution> {
  const { rows } = await client.query<{ resolved: StoredResolved }>({
    name: 'test.resolve',
    text: `
      with ended as (
        select * from json_to_recordset($1::json) as e
          (turn_id uuid, charge bigint, input_tokens int, output_tokens int, counted_by text)),
      ${resolving('select * from ended')}
      select ${resolvedColumn('e.turn_id')} from ended e`,
    values: [
      JSON.stringify(
        ends.map(({ turnId, charge, usage }) => ({
          turn_id: turnId,
          charge: String(charge),
          input_tokens: usage?.input ?? null,
          output_tokens: usage?.output ?? null,
          counted_by: usage?.countedBy ?? null,
        })),
      ),
    ],
  });
  return toResolution(rows.map(({ resolved }) => resolved));
}
