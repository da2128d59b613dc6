import { z } from 'zod';
import { Id } from './common.ts';

/** Micro-credits: 1,000,000 are one credit. Always whole; no amount is ever a float. */
export const MICRO_PER_CREDIT = 1_000_000;
/** The most that can be asked for at once. */
export const MAX_MICRO = 1_000_000_000_000_000;
export const Micro = z.int().min(0);
/** What a reply has cost; the sums add up: `held` = `charged` + `released` once it is settled. */
export const Receipt = z.object({
  /** `held`: the reply is being written. `released`: nothing was charged. */
  state: z.enum(['held', 'charged', 'released']),
  /** What was expected, when the message was sent. */
  estimate: Micro,
  /** The most it could cost; locked while the reply was written. */
  held: Micro,
  charged: Micro,
  released: Micro,
  /** Given back later, of what was charged. */
  refunded: Micro,
  priceId: Id,
  /** Null while it is open, and where nothing was counted. */
  countedBy: z.enum(['provider', 'us']).nullable(),
});
export type Receipt = z.infer<typeof Receipt>;
