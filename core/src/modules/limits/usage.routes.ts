import type { UsageQuery } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import type { z } from 'zod';
import { type ApiRoute, apiRoute } from '../../http/api-route.ts';
import { InvalidInput } from '../../http/http-errors.ts';
import { localDay } from '../../lib/local-day.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { Profiles } from '../accounts/index.ts';
import { exportUsage, reportUsage } from './usage-report.ts';

export interface UsageRoutesDeps {
  pool: Pool;
  profiles: Profiles;
  clock: Clock;
}

const DAY_MS = 86_400_000;
const USUAL_DAYS = 30;
const MOST_DAYS = 400;

export function usageRoutes(deps: UsageRoutesDeps): ApiRoute[] {
  const spanOf = async (userId: string, query: z.output<typeof UsageQuery>) => {
    const { timeZone } = await deps.profiles.get(userId);
    const to = query.to ?? localDay(deps.clock.now(), timeZone);
    const from = query.from ?? localDay(Date.parse(to) - (USUAL_DAYS - 1) * DAY_MS, 'UTC');
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
    if (days < 1) throw InvalidInput([{ path: 'from', code: 'invalid', message: 'is after the last day' }]);
    if (days > MOST_DAYS) {
      throw InvalidInput([
        { path: 'from', code: 'invalid', message: `is more than ${MOST_DAYS} days before the last` },
      ]);
    }
    return [from, to] as const;
  };

  return [
    apiRoute('GET /api/usage', { scope: 'read' }, async ({ caller, query }) =>
      reportUsage(deps.pool, caller.userId, ...(await spanOf(caller.userId, query))),
    ),
    apiRoute('GET /api/usage/export', { scope: 'read' }, async ({ caller, query, ctx }) => {
      const [from, to] = await spanOf(caller.userId, query);
      ctx.body = await exportUsage(deps.pool, caller.userId, from, to);
      ctx.type = 'text/csv; charset=utf-8';
      ctx.attachment(`parley-usage-${from}-${to}.csv`);
      return undefined;
    }),
  ];
}
