import { z } from 'zod';
import { Id, page, PageQuery, text, Timestamp } from './common.ts';
import { defineRoutes } from './routes.ts';

/** Something an admin, or the system, did. Entries are never changed and never removed. */
export const AuditEntry = z.object({
  id: Id,
  /** The kind of thing, then what became of it: `user.suspended`. */
  action: z.string(),
  /** Null: the system itself. The names are those of today; null when the account is gone. */
  actor: z.object({ id: Id, nickname: z.string().nullable(), email: z.string().nullable() }).nullable(),
  target: z.object({ type: z.string(), id: z.string(), name: z.string().nullable() }),
  /** In the actor's words. */
  reason: z.string().nullable(),
  /** Such as `fields` that were changed, or `changes` with what was (`from`) and what is (`to`). Holds no secrets. */
  data: z.record(z.string(), z.json()),
  createdAt: Timestamp,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

const Word = z
  .string()
  .regex(/^[a-z][a-z0-9.-]{0,79}$/, { message: 'takes lower case letters, digits, dots and dashes' });
export const AuditQuery = PageQuery.extend({
  actor: z.union([Id, z.literal('system')]).optional(),
  /** What the action begins with: `user` for all that was done to people. */
  action: Word.optional(),
  targetType: Word.optional(),
  targetId: text(200, 1).optional(),
  from: Timestamp.optional(),
  /** Not included. */
  to: Timestamp.optional(),
});

export const auditRoutes = defineRoutes({
  'GET /api/admin/audit': {
    summary: 'What admins and the system did, newest first',
    access: 'admin',
    query: AuditQuery,
    response: page(AuditEntry),
  },
});
