import { effectiveLimits, type EffectiveLimits, type EffectiveLimitsDeps } from './effective-limits.ts';
import { quota, type Quota } from './quota.ts';

export { assertModelAllowed, isModelAllowed } from './allowed-models.ts';
export type { EffectiveLimits } from './effective-limits.ts';
export { localDay, nextMidnight } from './local-day.ts';
export type { Quota, QuotaRefusal, QuotaUse, QuotaUsed } from './quota.ts';

export type LimitsDeps = EffectiveLimitsDeps;

export interface LimitsModule {
  /** What this person may do now, from memory when asked within the last seconds. */
  effective(userId: string): Promise<EffectiveLimits>;
  /** For the admission and settle transactions. */
  quota: Quota;
}

export function createLimitsModule(deps: LimitsDeps): LimitsModule {
  return { effective: effectiveLimits(deps), quota };
}
