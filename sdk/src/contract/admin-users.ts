import { z } from 'zod';
import { Role } from './accounts.ts';
import { Id, IdParams, Language, line, page, PageQuery, QueryFlag, Timestamp } from './common.ts';
import { TierId } from './limits.ts';
import { defineRoutes } from './routes.ts';

/** Somebody as admins see him in a list. */
export const AdminUser = z.object({
  id: Id,
  email: z.string(),
  nickname: z.string(),
  role: Role,
  tier: z.object({ id: z.string(), name: z.string() }),
  createdAt: Timestamp,
  /** Of any session or key, to the minute; null: not since this is kept. */
  lastSeenAt: Timestamp.nullable(),
  suspendedAt: Timestamp.nullable(),
});
export type AdminUser = z.infer<typeof AdminUser>;

export const AdminUserDetail = AdminUser.extend({
  language: Language,
  timeZone: z.string(),
  suspensionReason: z.string().nullable(),
  /** Sign-ins that have not ended. */
  sessions: z.int(),
  apiKeys: z.int(),
});
export type AdminUserDetail = z.infer<typeof AdminUserDetail>;

export const AdminUserQuery = PageQuery.extend({
  /** Part of the name or the address. */
  q: line(200).optional(),
  role: Role.optional(),
  tier: TierId.optional(),
  suspended: QueryFlag.optional(),
});

/** Why something was decided; it goes on record. */
const Reason = line(500);
const Reasoned = z.object({ reason: Reason });

export const adminUserRoutes = defineRoutes({
  'GET /api/admin/users': {
    summary: 'People, newest first',
    access: 'admin',
    query: AdminUserQuery,
    response: page(AdminUser),
  },
  'GET /api/admin/users/:id': {
    summary: 'Somebody, with what he holds',
    access: 'admin',
    params: IdParams,
    response: AdminUserDetail,
  },
  'POST /api/admin/users/:id/suspend': {
    summary: 'Bar somebody: sessions and sockets end at once, sign-in and API keys are refused',
    access: 'admin',
    params: IdParams,
    body: Reasoned,
    response: AdminUserDetail,
  },
  'POST /api/admin/users/:id/unsuspend': {
    summary: 'Let somebody in again',
    access: 'admin',
    params: IdParams,
    body: Reasoned,
    response: AdminUserDetail,
  },
  'POST /api/admin/users/:id/sign-out': {
    summary: 'End all of his sessions',
    access: 'admin',
    params: IdParams,
    body: Reasoned.partial(),
    response: AdminUserDetail,
  },
  'PUT /api/admin/users/:id/role': {
    summary: 'Make somebody an admin, or a user again',
    access: 'admin',
    params: IdParams,
    body: Reasoned.partial().extend({ role: Role }),
    response: AdminUserDetail,
  },
});
