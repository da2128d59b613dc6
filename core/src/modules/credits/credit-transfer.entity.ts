import { defineEntity, p } from '@mikro-orm/core';
import type { Transfer } from '@parley/sdk/contract';

/** The ledger. Rows are added and never changed: a trigger refuses all else. */
const CreditTransferSchema = defineEntity({
  name: 'CreditTransfer',
  tableName: 'credit_transfer',
  checks: [
    { name: 'credit_transfer_amount', expression: 'amount > 0' },
    {
      name: 'credit_transfer_kind',
      expression: `kind = 'grant' and debit = 'granted' and credit = 'available'
        or kind = 'hold' and debit = 'available' and credit = 'held'
        or kind = 'capture' and debit = 'held' and credit = 'revenue'
        or kind = 'release' and debit = 'held' and credit = 'available'
        or kind = 'refund' and debit = 'revenue' and credit = 'available'
        or kind = 'adjust' and debit = 'granted' and credit = 'available'
        or kind = 'adjust' and debit = 'available' and credit = 'granted'`,
    },
  ],
  triggers: [
    {
      name: 'append_only',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'statement',
      body: `raise exception 'the ledger is append-only' using errcode = 'insufficient_privilege';`,
    },
  ],
  indexes: [
    { name: 'credit_transfer_user', properties: ['userId', 'id'] },
    {
      name: 'credit_transfer_turn',
      expression: 'create index credit_transfer_turn on credit_transfer (turn_id) where turn_id is not null',
    },
  ],
  properties: {
    /** Counts up: the order of the ledger. */
    id: p.bigint('bigint').primary().autoincrement(),
    userId: p.uuid(),
    kind: p.text().$type<Transfer['kind']>(),
    /** Where it came from and where it went; `available` and `held` are the user's, the others the platform's. */
    debit: p.text().$type<Transfer['from']>(),
    credit: p.text().$type<Transfer['to']>(),
    amount: p.bigint('bigint'),
    turnId: p.uuid().nullable(),
    actorId: p.uuid().nullable(),
    reason: p.text().nullable(),
    idempotencyKey: p.text().unique(),
    createdAt: p.datetime(3).defaultRaw('now()'),
  },
});
export class CreditTransfer extends CreditTransferSchema.class {}
CreditTransferSchema.setClass(CreditTransfer);
