import type { Context, Middleware } from 'koa';
import type { Logger } from '../../observability/logger.ts';
import { requestState } from '../request-state.ts';

/** A line for each request at level `debug`; at the usual levels it is not even there. Never the query: it may hold a token. */
export function requestLog(log: Logger): Middleware {
  if (!log.isLevelEnabled('debug')) return (_ctx, next) => next();
  return async (ctx: Context, next) => {
    const started = performance.now();
    try {
      await next();
    } finally {
      const { requestId, caller, address } = requestState(ctx);
      const ms = Math.round(performance.now() - started);
      log.debug(
        { requestId, userId: caller?.userId, address, method: ctx.method, path: ctx.path, status: ctx.status, ms },
        'Answered',
      );
    }
  };
}
