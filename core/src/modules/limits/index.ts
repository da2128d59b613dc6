import { maxMessageChars } from '@parley/sdk/contract';
import type { ApiRoute } from '../../http/api-route.ts';
import type { Database } from '../../ports/database/database.ts';
import type { OpenRateWindow } from '../../ports/rate-window/index.ts';
import type { CurrentLimitsDeps } from './current-limits.ts';
import { type EffectiveLimits, effectiveLimits, type EffectiveLimitsDeps } from './effective-limits.ts';
import { type MinuteWindow, minuteWindow, type MinuteWindowDeps } from './minute-window.ts';
import { limitRoutes } from './limits.routes.ts';
import { OverridesService, type OverridesDeps } from './overrides.service.ts';
import { usageRoutes } from './usage.routes.ts';

export { assertModelAllowed, isModelAllowed } from './allowed-models.ts';
export type { EffectiveLimits } from './effective-limits.ts';
export type { MinuteState, MinuteWindow } from './minute-window.ts';
export { quotaRefused } from './quota-refused.ts';
export type { DayUsage } from './day-usage.ts';
export { counting, type QuotaRefusal, quotaRows, QuotaTally, type QuotaUse, recording, usedColumn } from './quota.ts';

export interface LimitsDeps
  extends
    EffectiveLimitsDeps,
    MinuteWindowDeps,
    OverridesDeps,
    Pick<CurrentLimitsDeps, 'profiles' | 'openTurns' | 'endpoints'> {
  database: Database;
  rateWindow: OpenRateWindow;
}

export interface LimitsModule {
  /** What this person may do now, from memory when asked within the last seconds. */
  effective(userId: string): Promise<EffectiveLimits>;
  minute: MinuteWindow;
  routes: ApiRoute[];
}

export function createLimitsModule(deps: LimitsDeps): LimitsModule {
  const effective = effectiveLimits(deps);
  const minute = minuteWindow(deps);
  deps.rateWindow.onChange((degraded) => deps.broadcaster.emitLocal('everyone', 'limits:degraded', { degraded }));
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
    routes: [...limitRoutes(current, new OverridesService(deps)), ...usageRoutes(current)],
  };
}
