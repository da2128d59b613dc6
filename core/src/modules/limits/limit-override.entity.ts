import { defineEntity, p } from '@mikro-orm/core';
import type { LimitFields } from '@parley/sdk/contract';
import { baseColumns } from '../../ports/database/base-columns.ts';
import { User } from '../accounts/index.ts';

/** For one person, another limit than that of his tier. Where several speak of one field, the latest does. */
const LimitOverrideSchema = defineEntity({
  name: 'LimitOverride',
  tableName: 'limit_override',
  properties: {
    ...baseColumns,
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    /** Only the fields it speaks of. */
    fields: p.json<Partial<LimitFields>>(),
    reason: p.text(),
    /** Null: until it is taken back. */
    expiresAt: p.datetime().nullable(),
  },
});
export class LimitOverride extends LimitOverrideSchema.class {}
LimitOverrideSchema.setClass(LimitOverride);
