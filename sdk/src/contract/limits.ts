import { z } from 'zod';
import { Id, line, Timestamp } from './common.ts';
import { defineRoutes } from './routes.ts';

/** A public model id, or the beginning of some with `*` at the end. */
export const ModelPattern = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[^\s*]*\*?$/, { message: 'takes a model id, or the beginning of one with * at its end' });

/** What somebody may do. Null: without an end of its own; `contextTokens` null: as much as the model takes. */
export const LimitFields = z.object({
  requestsPerMinute: z.int().min(1).max(1_000_000),
  /** Days are the user's own: they end at midnight in his time zone. */
  requestsPerDay: z.int().min(0).max(1_000_000_000).nullable(),
  tokensPerDay: z.int().min(0).max(1_000_000_000_000).nullable(),
  openTurnsPerUser: z.int().min(1).max(100),
  openTurnsPerConversation: z.int().min(1).max(50),
  contextTokens: z.int().min(256).max(10_000_000).nullable(),
  attachmentsPerMessage: z.int().min(0).max(100),
  attachmentBytes: z.int().min(0).max(1_000_000_000),
  /** Null: every model. */
  allowedModels: z.array(ModelPattern).max(500).nullable(),
});
export type LimitFields = z.infer<typeof LimitFields>;

const MicroCredits = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
export const TierId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,38}$/, {
  message: 'takes lower case letters, digits and dashes',
});
export const Tier = LimitFields.extend({
  id: TierId,
  name: line(60),
  /** Newcomers get it. Exactly one tier is. */
  isDefault: z.boolean(),
  position: z.int().min(0).max(1000),
  /** Micro-credits, once. */
  signUpGrant: MicroCredits,
  /** Micro-credits, at the beginning of each month. */
  monthlyGrant: MicroCredits,
});
export type Tier = z.infer<typeof Tier>;

/** Null: without an end. `resetAt` is when there is more again; null when nobody knows, or nothing is used. */
export const LimitState = z.object({
  limit: z.int().nullable(),
  used: z.int(),
  remaining: z.int().nullable(),
  resetAt: Timestamp.nullable(),
});
export type LimitState = z.infer<typeof LimitState>;

export const CurrentLimits = z.object({
  tier: z.object({ id: TierId, name: z.string() }),
  requestsPerMinute: LimitState,
  /** Until the user's own midnight. */
  requestsPerDay: LimitState,
  tokensPerDay: LimitState,
  openTurns: LimitState,
  openTurnsPerConversation: z.object({
    limit: z.int(),
    /** Those in which something is being written. */
    conversations: z.array(LimitState.extend({ conversationId: Id })),
  }),
  contextTokens: z.int().nullable(),
  attachments: z.object({ perMessage: z.int(), bytes: z.int() }),
  /** Public ids, or beginnings of some with `*` at the end. */
  allowedModels: z.array(z.string()).nullable(),
  /** How often single things may be done, such as `chat.send`. */
  endpoints: z.array(z.object({ name: z.string(), limit: z.int(), seconds: z.int() })),
  maxMessageChars: z.int(),
  /** Counting is poorer than it should be, as Redis is away. */
  degraded: z.boolean(),
});
export type CurrentLimits = z.infer<typeof CurrentLimits>;

export const limitRoutes = defineRoutes({
  'GET /api/limits': { summary: 'What may be sent now', access: 'user', response: CurrentLimits },
});
