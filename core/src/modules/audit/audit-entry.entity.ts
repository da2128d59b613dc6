import { defineEntity, p } from '@mikro-orm/core';

/** Neither actor nor target has a foreign key: what was done stays on record when they are gone. */
const AuditEntrySchema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  indexes: [
    { name: 'audit_entry_actor', properties: ['actorId', 'id'] },
    { name: 'audit_entry_target', properties: ['targetType', 'targetId', 'id'] },
  ],
  triggers: [
    {
      name: 'append_only',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'statement',
      body: `raise exception 'audit entries are neither changed nor removed' using errcode = 'insufficient_privilege';`,
    },
  ],
  properties: {
    /** Carries the same time as `createdAt`, so that a span of time is a span of ids. */
    id: p.uuid().primary(),
    /** Null: the system itself. */
    actorId: p.uuid().nullable(),
    /** What was done, the kind of thing first: `user.suspended`. */
    action: p.string().length(80),
    targetType: p.string().length(40),
    targetId: p.string().length(200),
    reason: p.text().nullable(),
    data: p.json<Record<string, unknown>>().defaultRaw(`'{}'::jsonb`),
    createdAt: p.datetime(3),
  },
});
export class AuditEntry extends AuditEntrySchema.class {}
AuditEntrySchema.setClass(AuditEntry);
