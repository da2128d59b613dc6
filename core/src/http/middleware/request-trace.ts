import type { Middleware } from 'koa';
import type { Tracer } from '../../observability/tracing/tracer.ts';
import { requestState } from '../request-state.ts';

/** A span for each request of an API. A trace that was begun elsewhere is continued only for proxies the operator named. */
export function requestTrace(tracer: Tracer): Middleware {
  if (!tracer.isOn) return (_ctx, next) => next();
  return (ctx, next) => {
    if (!ctx.path.startsWith('/api/') && !ctx.path.startsWith('/v1/')) return next();
    const state = requestState(ctx);
    const traceparent = state.isFromProxy ? ctx.get('traceparent') : undefined;
    return tracer.open(ctx.method, { kind: 'server', traceparent }, (span) => {
      ctx.res.once('close', () => {
        const status = ctx.res.statusCode;
        span.rename(`${ctx.method} ${state.route}`);
        span.set({
          'http.request.method': ctx.method,
          'http.route': state.route,
          'http.response.status_code': status,
          'parley.request.id': state.requestId,
          'user.id': state.caller?.userId,
        });
        span.end(ctx.res.writableFinished ? (status >= 500 ? String(status) : undefined) : 'aborted');
      });
      return next();
    });
  };
}
