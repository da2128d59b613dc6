import { z } from 'zod';
import { Connection } from './admin.ts';
import { Id, Timestamp } from './common.ts';
import { defineRoutes } from './routes.ts';

export const AdminOverview = z.object({
  at: Timestamp,
  /** People with a socket on any instance, as of its last beat. */
  online: z.object({ users: z.int(), sockets: z.int(), withinSeconds: z.int() }),
  /** Now, of the whole installation. */
  openTurns: z.object({ queued: z.int(), running: z.int() }),
  /** Of all instances. Requests are those to `/api` that are no streams; errors are answers with 5xx. */
  lately: z.object({
    windowSeconds: z.int(),
    requests: z.int(),
    errors: z.int(),
    /** Read from a histogram: right within an eighth. Null: there were no requests. */
    p95Ms: z.number().nullable(),
    /** Those that ended; failed and interrupted ones among them. */
    turns: z.int(),
    failedTurns: z.int(),
  }),
  /** Counted when a turn ends. */
  hour: z.object({
    windowSeconds: z.int(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    /** Micro-credits. */
    charged: z.int(),
    /** Oldest first. */
    minutes: z.array(z.object({ requests: z.int(), tokens: z.int() })),
  }),
  /** As the instance that answers sees it: by its last calls, else by the last test. */
  providers: z.array(
    Connection.pick({ id: true, name: true, enabled: true, health: true, healthDetail: true, modelCount: true }),
  ),
  instances: z.array(
    z.object({
      id: Id,
      role: z.enum(['all', 'web', 'worker']),
      version: z.string(),
      host: z.string(),
      startedAt: Timestamp,
      seenAt: Timestamp,
      sockets: z.int(),
      /** Redis is away there: limits are counted by each instance for itself. */
      degraded: z.boolean(),
      /** The one that gave this answer. */
      answering: z.boolean(),
    }),
  ),
  /** Some instance is. */
  degraded: z.boolean(),
});
export type AdminOverview = z.infer<typeof AdminOverview>;

export const adminOverviewRoutes = defineRoutes({
  'GET /api/admin/overview': {
    summary: 'The whole installation at a glance',
    access: 'admin',
    response: AdminOverview,
  },
});
