import type Koa from 'koa';
import type { Context, Middleware } from 'koa';
import { type BareServerOptions, createBareServer } from './bare-server.ts';
import { contractRouter, type ContractRouterOptions } from './contract-router.ts';
import { docsPage } from './docs-page.ts';
import { NotFound, OriginRefused, Stopping } from './http-errors.ts';
import type { MountedFront } from './mounted-front.ts';
import { originAllowed } from './origin-rule.ts';
import { requestState } from './request-state.ts';
import { staticFiles } from './static-files.ts';

export interface HttpServerOptions extends ContractRouterOptions, BareServerOptions {
  publicUrl: string | null;
  /** Where the built web app lies. */
  webFolder: string;
  version: string;
  /** Whatever comes now comes too late. */
  isStopping: () => boolean;
  /** Fronts with a language of their own, by path prefix. */
  mounts: Readonly<Record<string, MountedFront>>;
}

/** Everything that answers HTTP, from the outside in. */
export function createHttpServer(options: HttpServerOptions): Koa {
  const koa = createBareServer(options);
  for (const [prefix, front] of Object.entries(options.mounts)) koa.use(below(prefix, front.errors));
  koa.use((ctx, next) => {
    if (!options.isStopping()) return next();
    throw Stopping(undefined, { retryAfter: 5 });
  });
  koa.use(originCheck(options.publicUrl));
  for (const [prefix, front] of Object.entries(options.mounts)) koa.use(mount(prefix, front.serve));
  koa.use(mount('/api', contractRouter(options)));
  koa.use((ctx, next) => {
    requestState(ctx).route = 'pages';
    return next();
  });
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
