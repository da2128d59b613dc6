import type { Middleware } from 'koa';
import type { HttpMetrics } from '../../observability/metrics.ts';
import { requestState } from '../request-state.ts';

/** Counts each request under the template of its route, from its arrival to the last byte of its answer. */
export function requestMetrics(metrics: HttpMetrics): Middleware {
  return (ctx, next) => {
    const started = performance.now();
    ctx.res.once('close', () => {
      const { route } = requestState(ctx);
      if (!ctx.res.writableFinished) metrics.aborted(route);
      else metrics.answered(route, ctx.method, ctx.res.statusCode, (performance.now() - started) / 1000);
    });
    return next();
  };
}
