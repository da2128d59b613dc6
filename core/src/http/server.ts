import Koa, { type Context, type Middleware } from 'koa';
import { uuidV7 } from '../lib/uuid-v7.ts';
import { errorCode } from '../lib/error-code.ts';
import type { HealthCheck } from '../observability/health.ts';
import type { Logger } from '../observability/logger.ts';
import { clientAddressReader } from './client-address.ts';
import { contractRouter, type ContractRouterOptions } from './contract-router.ts';
import { docsPage } from './docs-page.ts';
import { errorHandler } from './error-handler.ts';
import { healthRoutes } from './health-routes.ts';
import { NotFound, OriginRefused, Stopping } from './http-errors.ts';
import type { MountedFront } from './mounted-front.ts';
import { requestLog } from './middleware/request-log.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { originAllowed } from './origin-rule.ts';
import { type RequestState, requestState } from './request-state.ts';
import { staticFiles } from './static-files.ts';

export interface HttpServerOptions extends ContractRouterOptions {
  log: Logger;
  publicUrl: string | null;
  trustedProxies: readonly string[];
  /** Where the built web app lies. */
  webFolder: string;
  version: string;
  health: () => readonly HealthCheck[];
  isStopping: () => boolean;
  /** Fronts with a language of their own, by path prefix. */
  mounts: Readonly<Record<string, MountedFront>>;
}

/** Everything that answers HTTP, from the outside in. */
export function createHttpServer(options: HttpServerOptions): Koa {
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
    const state: RequestState = { ...readClient(ctx.req), requestId: uuidV7(), caller: null };
    Object.assign(ctx.state, state);
    ctx.set('X-Request-Id', state.requestId);
    return next();
  });
  koa.use(requestLog(log));
  koa.use(securityHeaders());
  koa.use(errorHandler(log));
  koa.use(healthRoutes(options.health, options.isStopping));
  for (const [prefix, front] of Object.entries(options.mounts)) koa.use(below(prefix, front.errors));
  koa.use((ctx, next) => {
    if (!options.isStopping()) return next();
    // Connections that are kept alive could go on asking for ever.
    ctx.set('Connection', 'close');
    throw Stopping(undefined, { retryAfter: 5 });
  });
  koa.use(originCheck(options.publicUrl));
  for (const [prefix, front] of Object.entries(options.mounts)) koa.use(mount(prefix, front.serve));
  koa.use(mount('/api', contractRouter(options)));
  koa.use(docsPage(options.contract, options.version));
  koa.use(staticFiles(options.webFolder));
  return koa;
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A key in `Authorization` cannot be sent by another site on a person's behalf; a cookie can. */
function originCheck(publicUrl: string | null): Middleware {
  return (ctx, next) => {
    const needless = safeMethods.has(ctx.method) || ctx.req.headers.authorization !== undefined;
    if (!needless && !originAllowed(ctx.req.headers, requestState(ctx), publicUrl)) throw OriginRefused();
    return next();
  };
}

function below(prefix: string, middleware: Middleware): Middleware {
  return (ctx: Context, next) => {
    const isBelow = ctx.path === prefix || ctx.path.startsWith(`${prefix}/`);
    return isBelow ? middleware(ctx, next) : next();
  };
}

function mount(prefix: string, middleware: Middleware): Middleware {
  // Nothing below an API prefix may fall through to the pages of the app.
  return below(prefix, (ctx) => middleware(ctx, () => Promise.reject(NotFound())));
}
