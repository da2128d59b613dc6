import type { LimitOverride as LimitOverrideShape } from '@parley/sdk/contract';
import { type ApiRoute, apiRoute } from '../../http/api-route.ts';
import { currentLimits, type CurrentLimitsDeps } from './current-limits.ts';
import type { LimitOverride } from './limit-override.entity.ts';
import type { OverridesService } from './overrides.service.ts';

export function limitRoutes(deps: CurrentLimitsDeps, overrides: OverridesService): ApiRoute[] {
  return [
    apiRoute('GET /api/limits', { scope: 'read' }, ({ caller }) => currentLimits(deps, caller.userId)),
    apiRoute('GET /api/admin/users/:id/limits', {}, async ({ params }) => {
      const [{ tier, ...effective }, own] = await Promise.all([deps.effective(params.id), overrides.list(params.id)]);
      return { tier, effective, overrides: own.map(presentOverride) };
    }),
    apiRoute('POST /api/admin/users/:id/limit-overrides', {}, async ({ params, body, caller }) =>
      presentOverride(await overrides.add(params.id, body, caller.userId)),
    ),
    apiRoute('DELETE /api/admin/users/:id/limit-overrides/:overrideId', {}, async ({ params, caller }) => {
      await overrides.remove(params.id, params.overrideId, caller.userId);
      return undefined;
    }),
  ];
}

function presentOverride({ id, fields, reason, expiresAt, createdAt }: LimitOverride): LimitOverrideShape {
  return {
    id,
    fields,
    reason,
    expiresAt: expiresAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
