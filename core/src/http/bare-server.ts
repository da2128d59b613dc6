import Koa from 'koa';
import { errorCode } from '../lib/error-code.ts';
import { uuidV7 } from '../lib/uuid-v7.ts';
import type { HealthCheck } from '../observability/health.ts';
import { withinScope } from '../observability/log-scope.ts';
import type { Logger } from '../observability/logger.ts';
import type { MetricsPage } from '../observability/metrics.ts';
import type { Tracer } from '../observability/tracing/tracer.ts';
import { clientAddressReader } from './client-address.ts';
import { errorHandler } from './error-handler.ts';
import { healthRoutes } from './health-routes.ts';
import { metricsRoute } from './metrics-route.ts';
import { requestLog } from './middleware/request-log.ts';
import { requestMetrics } from './middleware/request-metrics.ts';
import { requestTrace } from './middleware/request-trace.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import type { RequestState } from './request-state.ts';

export interface BareServerOptions {
  log: Logger;
  trustedProxies: readonly string[];
  /** Of this process, for whoever asks how it is. */
  role: string;
  health: () => readonly HealthCheck[];
  metrics: MetricsPage;
  /** Null: there is no page of metrics on this port. */
  metricsToken: string | null;
  tracer: Tracer;
  /** About to stop: what comes is still answered, but nobody should come. */
  isDraining: () => boolean;
}

/** What every process has around its answers, and the first of them: its health and its metrics. */
export function createBareServer(options: BareServerOptions): Koa {
  const { log } = options;
  const koa = new Koa();
  koa.on('error', (error: unknown) => {
    // A client that went away in the middle of an answer is its own affair.
    if (errorCode(error) === 'EPIPE' || errorCode(error) === 'ECONNRESET') return;
    if (errorCode(error) === 'ERR_STREAM_PREMATURE_CLOSE') return;
    log.error({ err: error }, 'An answer broke off');
  });

  const readClient = clientAddressReader(options.trustedProxies);
  koa.use((ctx, next) => {
    const state: RequestState = { ...readClient(ctx.req), requestId: uuidV7(), route: 'none', caller: null };
    Object.assign(ctx.state, state);
    ctx.set('X-Request-Id', state.requestId);
    return withinScope({ requestId: state.requestId }, next);
  });
  koa.use(requestMetrics(options.metrics.http));
  koa.use(requestTrace(options.tracer));
  koa.use(requestLog(log));
  koa.use(securityHeaders());
  koa.use(errorHandler(log));
  koa.use((ctx, next) => {
    // Connections that are kept alive could go on asking for ever.
    if (options.isDraining()) ctx.set('Connection', 'close');
    return next();
  });
  koa.use(healthRoutes(options.health, options.isDraining, options.role));
  koa.use(metricsRoute(options.metrics, options.metricsToken));
  return koa;
}
