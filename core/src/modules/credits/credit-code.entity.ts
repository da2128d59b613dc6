import { defineEntity, p } from '@mikro-orm/core';

const CreditCodeSchema = defineEntity({
  name: 'CreditCode',
  tableName: 'credit_code',
  checks: [{ name: 'credit_code_uses', expression: 'amount > 0 and uses >= 0 and uses <= max_uses' }],
  properties: {
    id: p.uuid().primary(),
    batch: p.text(),
    /** SHA-256; the code itself is shown once and kept nowhere. */
    codeHash: p.blob().unique().hidden(),
    hint: p.text(),
    amount: p.bigint('bigint'),
    uses: p.integer().default(0),
    maxUses: p.integer(),
    expiresAt: p.datetime(3).nullable(),
    revokedAt: p.datetime(3).nullable(),
    createdBy: p.uuid().nullable(),
    createdAt: p.datetime(3).defaultRaw('now()'),
  },
});
export class CreditCode extends CreditCodeSchema.class {}
CreditCodeSchema.setClass(CreditCode);

/** Nobody redeems one code twice. */
const CreditRedemptionSchema = defineEntity({
  name: 'CreditRedemption',
  tableName: 'credit_redemption',
  properties: {
    code: () => p.manyToOne(CreditCode).fieldName('code_id').primary(),
    userId: p.uuid().primary(),
    createdAt: p.datetime(3).defaultRaw('now()'),
  },
});
export class CreditRedemption extends CreditRedemptionSchema.class {}
CreditRedemptionSchema.setClass(CreditRedemption);
