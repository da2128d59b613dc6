import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Middleware } from 'koa';
import type { MetricsPage } from '../observability/metrics.ts';
import { NotFound } from './http-errors.ts';
import { bearerToken } from './identify.ts';
import { requestState } from './request-state.ts';

const PATH = '/metrics';
type Page = Pick<MetricsPage, 'text' | 'contentType'>;

/** On the port of the app: only with a token, because everybody can reach it. Null: there is no such page. */
export function metricsRoute(page: Page, token: string | null): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== PATH) {
      await next();
      return;
    }
    requestState(ctx).route = PATH;
    if (token === null || !isRead(ctx.method)) throw NotFound();
    ctx.set('Cache-Control', 'no-store');
    if (!isAllowed(ctx.req.headers.authorization, token)) {
      ctx.set('WWW-Authenticate', 'Bearer');
      ctx.status = 401;
      ctx.body = 'A bearer token is needed.\n';
      return;
    }
    ctx.type = page.contentType;
    ctx.body = await page.text();
  };
}

/** On a port of its own, which nobody but the scraper can reach; asks for the token too where there is one. */
export function metricsServer(page: Page, token: string | null, onError: (error: unknown) => void): Server {
  const listener: RequestListener = (request, response) => {
    const answer = (status: number, text: string, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(text);
    if (request.url?.split('?')[0] !== PATH || !isRead(request.method)) answer(404, 'Here is /metrics alone.\n');
    else if (token !== null && !isAllowed(request.headers.authorization, token)) {
      answer(401, 'A bearer token is needed.\n', { 'WWW-Authenticate': 'Bearer' });
    } else {
      page.text().then(
        (text) => answer(200, text, { 'Content-Type': page.contentType, 'Cache-Control': 'no-store' }),
        (error: unknown) => {
          onError(error);
          answer(500, 'The metrics could not be read.\n');
        },
      );
    }
  };
  return createServer(listener);
}

function isRead(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Digests have one length, and comparing them tells nothing about the token by the time it takes. */
function isAllowed(authorization: string | undefined, token: string): boolean {
  const given = authorization === undefined ? null : bearerToken(authorization);
  return given !== null && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
