import type { Middleware } from 'koa';
import { type HealthCheck, readiness } from '../observability/health.ts';

/** `/healthz`: the process answers. `/readyz`: it should get requests, with the reasons. */
export function healthRoutes(checks: () => readonly HealthCheck[], isStopping: () => boolean): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== '/healthz' && ctx.path !== '/readyz') {
      await next();
      return;
    }
    ctx.set('Cache-Control', 'no-store');
    if (ctx.path === '/healthz') {
      ctx.body = { status: 'ok' };
      return;
    }
    const report = await readiness(checks());
    const ready = report.ready && !isStopping();
    ctx.status = ready ? 200 : 503;
    ctx.body = { ...report, ready };
  };
}
