import { maxMessageChars } from '@parley/sdk/contract';
import { type ApiRoute, apiRoute } from '../../http/api-route.ts';
import type { Database } from '../../ports/database/database.ts';
import { currentLimits, type CurrentLimitsDeps } from './current-limits.ts';
import { type EffectiveLimits, effectiveLimits, type EffectiveLimitsDeps } from './effective-limits.ts';
import { type MinuteWindow, minuteWindow, type MinuteWindowDeps } from './minute-window.ts';
import { quota, type Quota } from './quota.ts';
import { usageRoutes } from './usage.routes.ts';

export { assertModelAllowed, isModelAllowed } from './allowed-models.ts';
export type { EffectiveLimits } from './effective-limits.ts';
export type { MinuteState, MinuteWindow } from './minute-window.ts';
export { quotaRefused } from './quota-refused.ts';
export { quota } from './quota.ts';
export type { Quota, QuotaRefusal, QuotaUse, QuotaUsed } from './quota.ts';

export interface LimitsDeps
  extends EffectiveLimitsDeps, MinuteWindowDeps, Pick<CurrentLimitsDeps, 'profiles' | 'openTurns' | 'endpoints'> {
  database: Database;
  rateWindow: MinuteWindowDeps['rateWindow'] & { isDegraded(): boolean };
}

export interface LimitsModule {
  /** What this person may do now, from memory when asked within the last seconds. */
  effective(userId: string): Promise<EffectiveLimits>;
  minute: MinuteWindow;
  /** For the admission and settle transactions. */
  quota: Quota;
  routes: ApiRoute[];
}

export function createLimitsModule(deps: LimitsDeps): LimitsModule {
  const effective = effectiveLimits(deps);
  const minute = minuteWindow(deps);
  const current = {
    ...deps,
    pool: deps.database.pool,
    effective,
    minute,
    maxMessageChars,
    isDegraded: () => deps.rateWindow.isDegraded(),
  };
  return {
    effective,
    minute,
    quota,
    routes: [
      apiRoute('GET /api/limits', { scope: 'read' }, ({ caller }) => currentLimits(current, caller.userId)),
      ...usageRoutes(current),
    ],
  };
}
