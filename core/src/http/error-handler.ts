import type { Context, Middleware, Next } from 'koa';
import type { Logger } from '../observability/logger.ts';
import { RequestAborted } from './http-errors.ts';
import { toProblem } from './problem.ts';
import { rateLimitHeaders, refusedState } from './rate-limit-headers.ts';
import { requestState } from './request-state.ts';

/** Every throw of every handler ends here and becomes problem details (RFC 9457) with a stable code. */
export function errorHandler(log: Logger): Middleware {
  return async (ctx: Context, next: Next) => {
    try {
      await next();
    } catch (error) {
      const { requestId, caller } = requestState(ctx);
      const { problem, unexpected } = toProblem(error, requestId);
      if (unexpected) {
        log.error(
          { err: error, requestId, userId: caller?.userId, method: ctx.method, path: ctx.path },
          'A request failed',
        );
      }
      if (RequestAborted.is(error) || ctx.res.headersSent) {
        // Nothing can be told any more; an answer that broke off must look broken to the client.
        ctx.respond = false;
        ctx.res.destroy();
        return;
      }
      ctx.remove('ETag');
      // A refusal of this moment must not answer the next request.
      ctx.set('Cache-Control', 'no-store');
      ctx.status = problem.status;
      ctx.body = JSON.stringify(problem);
      ctx.type = 'application/problem+json';
      const refused = refusedState(problem);
      if (refused !== null) ctx.set(rateLimitHeaders(refused));
      if (problem.retryAfter !== undefined) ctx.set('Retry-After', String(Math.max(1, Math.ceil(problem.retryAfter))));
    }
  };
}
