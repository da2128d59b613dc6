import { defineEntity, p } from '@mikro-orm/core';

/** What a user has. Both columns move in the transaction that writes the ledger, and only there. */
const CreditAccountSchema = defineEntity({
  name: 'CreditAccount',
  tableName: 'credit_account',
  checks: [
    { name: 'credit_account_available', expression: 'available >= 0 and available <= 9000000000000000' },
    { name: 'credit_account_held', expression: 'held >= 0 and held <= 9000000000000000' },
  ],
  properties: {
    userId: p.uuid().primary(),
    /** Micro-credits, as every amount here. */
    available: p.bigint('bigint').defaultRaw('0'),
    held: p.bigint('bigint').defaultRaw('0'),
    /** Set by the user himself. */
    dayCap: p.bigint('bigint').nullable(),
    conversationCap: p.bigint('bigint').nullable(),
    lowBalanceAt: p.bigint('bigint').nullable(),
    createdAt: p.datetime(3).defaultRaw('now()'),
  },
});
export class CreditAccount extends CreditAccountSchema.class {}
CreditAccountSchema.setClass(CreditAccount);
