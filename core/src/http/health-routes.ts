import type { Middleware } from 'koa';
import { type HealthCheck, readiness } from '../observability/health.ts';
import { requestState } from './request-state.ts';

/** Nothing else counts any more, and no slow check may keep balancers from hearing of it. */
const leaving: HealthCheck = { name: 'process', check: () => ({ state: 'failing', detail: 'about to stop' }) };

/** `/healthz`: the process answers. `/readyz`: it should get requests, with its role and the reasons. */
export function healthRoutes(
  checks: () => readonly HealthCheck[],
  isDraining: () => boolean,
  role: string,
): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== '/healthz' && ctx.path !== '/readyz') {
      await next();
      return;
    }
    requestState(ctx).route = ctx.path;
    ctx.set('Cache-Control', 'no-store');
    if (ctx.path === '/healthz') {
      ctx.body = { status: 'ok' };
      return;
    }
    const report = await readiness(isDraining() ? [leaving] : checks());
    ctx.status = report.ready ? 200 : 503;
    ctx.body = { role, ...report };
  };
}
