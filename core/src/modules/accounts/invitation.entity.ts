import { defineEntity, p } from '@mikro-orm/core';
import { baseColumns } from '../../ports/database/base-columns.ts';
import { User } from './user.entity.ts';

const InvitationSchema = defineEntity({
  name: 'Invitation',
  tableName: 'invitations',
  properties: {
    ...baseColumns,
    note: p.string().length(500),
    tokenHash: p.blob().unique().hidden(),
    expiresAt: p.datetime(),
    usedAt: p.datetime().nullable(),
    usedBy: () => p.manyToOne(User).nullable().deleteRule('set null'),
  },
});
export class Invitation extends InvitationSchema.class {}
InvitationSchema.setClass(Invitation);
