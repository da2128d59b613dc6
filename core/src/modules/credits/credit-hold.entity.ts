import { defineEntity, p } from '@mikro-orm/core';
import type { Usage } from '@parley/sdk/contract';

export type HoldState = 'active' | 'captured' | 'released' | 'expired';

/** What is locked for a turn while it is written, and afterwards what it has cost. It outlives its conversation. */
const CreditHoldSchema = defineEntity({
  name: 'CreditHold',
  tableName: 'credit_hold',
  checks: [
    { name: 'credit_hold_amount', expression: 'amount > 0' },
    { name: 'credit_hold_captured', expression: 'captured >= 0 and captured <= amount' },
    { name: 'credit_hold_refunded', expression: 'refunded >= 0 and refunded <= captured' },
    {
      name: 'credit_hold_state',
      expression: `state = 'captured' and captured > 0 or state in ('active', 'released', 'expired') and captured = 0`,
    },
  ],
  indexes: [
    {
      name: 'credit_hold_active',
      expression: `create index credit_hold_active on credit_hold (expires_at) where state = 'active'`,
    },
    { name: 'credit_hold_user', properties: ['userId', 'createdAt'] },
    {
      name: 'credit_hold_conversation',
      expression:
        'create index credit_hold_conversation on credit_hold (conversation_id) where conversation_id is not null',
    },
  ],
  properties: {
    /** One hold for a turn, at most. */
    turnId: p.uuid().primary(),
    userId: p.uuid(),
    conversationId: p.uuid().nullable(),
    model: p.text(),
    /** The version that held when the turn was admitted. */
    priceId: p.uuid(),
    estimate: p.bigint('bigint'),
    amount: p.bigint('bigint'),
    state: p.text().$type<HoldState>(),
    captured: p.bigint('bigint').defaultRaw('0'),
    refunded: p.bigint('bigint').defaultRaw('0'),
    inputTokens: p.integer().nullable(),
    outputTokens: p.integer().nullable(),
    countedBy: p.text().$type<Usage['countedBy']>().nullable(),
    /** By the database's clock; renewed with the turn's lease. */
    expiresAt: p.datetime(3),
    createdAt: p.datetime(3).defaultRaw('now()'),
    resolvedAt: p.datetime(3).nullable(),
  },
});
export class CreditHold extends CreditHoldSchema.class {}
CreditHoldSchema.setClass(CreditHold);
