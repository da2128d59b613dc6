import { defineEntity, p } from '@mikro-orm/core';
import { baseColumns } from '../../ports/database/base-columns.ts';
import { User } from './user.entity.ts';

const SessionSchema = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  properties: {
    ...baseColumns,
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    /** SHA-256 of the token in the cookie: a copy of this table opens no session. */
    tokenHash: p.blob().unique().hidden(),
    device: p.string().length(100),
    address: p.string().length(64),
    lastUsedAt: p.datetime().defaultRaw('now()'),
    expiresAt: p.datetime(),
  },
});
export class Session extends SessionSchema.class {}
SessionSchema.setClass(Session);
