import { defineEntity, p } from '@mikro-orm/core';

/** What belongs to a kind of user: the contract's `Tier`. */
const TierSchema = defineEntity({
  name: 'Tier',
  tableName: 'tier',
  indexes: [
    {
      name: 'tier_default',
      expression: 'create unique index tier_default on tier (is_default) where is_default',
    },
  ],
  properties: {
    /** A slug; never changes. */
    id: p.string().length(40).primary(),
    name: p.string().length(60),
    isDefault: p.boolean().default(false),
    position: p.integer().default(0),
    requestsPerMinute: p.integer(),
    requestsPerDay: p.integer().nullable(),
    tokensPerDay: p.bigint('number').nullable(),
    openTurnsPerUser: p.integer(),
    openTurnsPerConversation: p.integer(),
    contextTokens: p.integer().nullable(),
    attachmentsPerMessage: p.integer(),
    attachmentBytes: p.integer(),
    allowedModels: p.json<string[]>().nullable(),
    /** Micro-credits. */
    signUpGrant: p.bigint('bigint'),
    monthlyGrant: p.bigint('bigint'),
  },
});
export class Tier extends TierSchema.class {}
TierSchema.setClass(Tier);
