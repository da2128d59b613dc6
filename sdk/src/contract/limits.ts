import { z } from 'zod';
import { line } from './common.ts';

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
