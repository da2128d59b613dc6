import { defineEntity, p } from '@mikro-orm/core';
import type { Language, Preferences } from '@parley/sdk/contract';
import { baseColumns } from '../../ports/database/base-columns.ts';
import { Tier } from './tier.entity.ts';

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  indexes: [{ name: 'users_admins', expression: `create index users_admins on users (id) where role = 'admin'` }],
  properties: {
    ...baseColumns,
    /** Lower case; what a person signs in with. */
    email: p.string().length(254).unique(),
    nickname: p.string().length(100),
    role: p.enum(['user', 'admin'] as const).default('user'),
    /** PHC string. */
    passwordHash: p.string().length(255).hidden(),
    language: p.string().length(20).$type<Language>(),
    theme: p.enum(['system', 'light', 'dark', 'high-contrast'] as const).default('system'),
    timeZone: p.string().length(60).default('UTC'),
    /** Only what differs from the defaults. */
    preferences: p.json().$type<Partial<Preferences>>().defaultRaw(`'{}'::jsonb`),
    /** Unless said, the one that is the default when somebody joins: the database looks it up. */
    tier: () => p.manyToOne(Tier).defaultRaw('default_tier()').index(),
    /** Set: neither sessions nor keys of this account are good, and nobody signs in. */
    suspendedAt: p.datetime().nullable(),
    suspensionReason: p.text().nullable(),
    /** With any session or key, to the minute. */
    lastSeenAt: p.datetime().nullable(),
  },
});
export class User extends UserSchema.class {}
UserSchema.setClass(User);
