import { z } from 'zod';
import { Id, IdParams, line, Timestamp } from './common.ts';
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

/** For one person other limits than those of his tier; where several speak of one field, the latest does. */
export const LimitOverride = z.object({
  id: Id,
  /** Only the fields it speaks of. */
  fields: LimitFields.partial(),
  reason: z.string(),
  /** Null: until it is taken back. */
  expiresAt: Timestamp.nullable(),
  createdAt: Timestamp,
});
export type LimitOverride = z.infer<typeof LimitOverride>;
export const LimitOverrideCreate = z.object({
  fields: LimitFields.partial().refine((fields) => Object.keys(fields).length > 0, { message: 'names no limit' }),
  reason: line(500),
  expiresAt: Timestamp.refine((time) => Date.parse(time) > Date.now(), { message: 'is over already' })
    .nullable()
    .default(null),
});
export const UserLimits = z.object({
  tier: z.object({ id: TierId, name: z.string() }),
  /** What holds now: the tier's, with the overrides laid over them. */
  effective: LimitFields,
  overrides: z.array(LimitOverride),
});
export type UserLimits = z.infer<typeof UserLimits>;

/** Comes after the others. */
export const TierCreate = Tier.omit({ isDefault: true, position: true });
export type TierCreate = z.infer<typeof TierCreate>;
/** Another becomes the default by being made it. */
export const TierChange = Tier.omit({ id: true })
  .extend({ isDefault: z.literal(true) })
  .partial();
export type TierChange = z.infer<typeof TierChange>;

const TierParams = z.object({ id: TierId });
export const limitRoutes = defineRoutes({
  'GET /api/limits': { summary: 'What may be sent now', access: 'user', response: CurrentLimits },
  'GET /api/admin/tiers': {
    summary: 'Tiers, with how many people have each',
    access: 'admin',
    response: z.array(Tier.extend({ users: z.int() })),
  },
  'POST /api/admin/tiers': { summary: 'Add a tier', access: 'admin', body: TierCreate, response: Tier, status: 201 },
  'PATCH /api/admin/tiers/:id': {
    summary: 'Change a tier, or make it the default; it counts at once',
    access: 'admin',
    params: TierParams,
    body: TierChange,
    response: Tier,
  },
  'DELETE /api/admin/tiers/:id': {
    summary: 'Remove a tier that nobody has',
    access: 'admin',
    params: TierParams,
  },
  'PUT /api/admin/users/:id/tier': {
    summary: 'Give somebody a tier',
    access: 'admin',
    params: IdParams,
    body: z.object({ tier: TierId, reason: line(500).optional() }),
    response: Tier,
  },
  'GET /api/admin/users/:id/limits': {
    summary: "What somebody may do, and his exceptions from the tier's limits",
    access: 'admin',
    params: IdParams,
    response: UserLimits,
  },
  'POST /api/admin/users/:id/limit-overrides': {
    summary: 'Make an exception for somebody',
    access: 'admin',
    params: IdParams,
    body: LimitOverrideCreate,
    response: LimitOverride,
    status: 201,
  },
  'DELETE /api/admin/users/:id/limit-overrides/:overrideId': {
    summary: 'Take an exception back',
    access: 'admin',
    params: IdParams.extend({ overrideId: Id }),
  },
});
