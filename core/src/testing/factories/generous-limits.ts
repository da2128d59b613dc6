import type { EffectiveLimits } from '../../modules/limits/index.ts';

/** Those nobody runs into unless a test says so; open turns are as they come. */
export function generousLimits(): EffectiveLimits {
  return {
    tier: { id: 'free', name: 'Free' },
    requestsPerMinute: 1_000_000,
    requestsPerDay: null,
    tokensPerDay: null,
    openTurnsPerUser: 15,
    openTurnsPerConversation: 5,
    contextTokens: null,
    attachmentsPerMessage: 10,
    attachmentBytes: 10_000_000,
    allowedModels: null,
  };
}
