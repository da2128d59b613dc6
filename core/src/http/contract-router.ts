import type { Context, Middleware } from 'koa';
import type { ApiRoute } from './api-route.ts';
import type { Authenticator } from './authenticator.ts';
import { MethodNotAllowed, NotFound } from './http-errors.ts';
import { authorize, identify } from './identify.ts';
import { isLimitName, type LimitName } from './limits-table.ts';
import { type Limiter, limitRequest } from './middleware/rate-limit.ts';
import { parseInput } from './parse-input.ts';
import { readJsonBody } from './read-body.ts';
import { requestState } from './request-state.ts';
import { createRouteMatcher } from './route-matcher.ts';
import type { RouteDefinition } from './route-types.ts';

export interface ContractRouterOptions {
  /** The table of every route; nothing outside of it is served, and nothing in it may be missing. */
  contract: Readonly<Record<string, RouteDefinition>>;
  routes: readonly ApiRoute[];
  authenticator: Authenticator;
  limiter: Limiter;
  /** Parses every answer by the contract too: for tests, where a presenter that drifted must fail. */
  checkResponses?: boolean;
}

interface Endpoint {
  definition: RouteDefinition;
  route: ApiRoute;
  limit: LimitName;
  /** Its template, without the method. */
  path: string;
}

/** Serves the contract: who is asking → may they → how often → what do they say → the handler → the answer. */
export function contractRouter(options: ContractRouterOptions): Middleware {
  const matcher = createRouteMatcher<Endpoint>();
  for (const endpoint of endpoints(options)) matcher.add(endpoint.route.name, endpoint);

  return async (ctx) => {
    // Until it is known which.
    requestState(ctx).route = '/api';
    const match = matcher.find(ctx.method === 'HEAD' ? 'GET' : ctx.method, ctx.path);
    if (match === null) throw NotFound();
    if ('allow' in match) {
      const allow = match.allow.join(', ');
      ctx.set('Allow', allow);
      throw MethodNotAllowed({ allow });
    }
    requestState(ctx).route = match.entry.path;
    await serve(ctx, match.entry, match.params, options);
  };
}

async function serve(
  ctx: Context,
  { definition, route, limit }: Endpoint,
  pathParams: Record<string, string>,
  { authenticator, limiter, checkResponses }: ContractRouterOptions,
): Promise<void> {
  // Before anything is waited for: a response says only once that nobody waits for it any more.
  const gone = new AbortController();
  ctx.res.once('close', () => gone.abort());
  const caller = await identify(ctx, authenticator, limiter);
  authorize(caller, definition.access, route.options.scope);
  const isPersonal = caller !== null && definition.access !== 'public';
  await limitRequest(ctx, limiter, limit, isPersonal ? `user:${caller.userId}` : `ip:${requestState(ctx).address}`);

  // Somebody's data must not stay in a shared or a back/forward cache after sign-out.
  ctx.set('Cache-Control', 'no-store');
  const params = definition.params?.safeParse(pathParams);
  // An id that cannot exist names nothing.
  if (params?.success === false) throw NotFound();
  const query = definition.query === undefined ? undefined : parseInput(definition.query, ctx.query);
  const body =
    definition.body === undefined
      ? undefined
      : parseInput(definition.body, await readJsonBody(ctx.req, route.options.bodyLimitBytes));

  const answer = await route.handle({
    caller,
    params: params?.data,
    query,
    body,
    signal: gone.signal,
    ctx,
  } as Parameters<ApiRoute['handle']>[0]);

  // Streams and other answers that are not JSON are the handler's own.
  if (definition.produces !== undefined) return;
  ctx.status = definition.status ?? (definition.response === undefined ? 204 : 200);
  if (definition.response === undefined) return;
  if (checkResponses === true) definition.response.parse(answer);
  ctx.type = 'application/json';
  ctx.body = JSON.stringify(answer);
}

function endpoints({ contract, routes }: ContractRouterOptions): Endpoint[] {
  const handlers = new Map<string, ApiRoute>();
  for (const route of routes) {
    if (handlers.has(route.name)) throw new Error(`two modules serve ${route.name}`);
    if (!Object.hasOwn(contract, route.name)) throw new Error(`${route.name} is served, but not in the contract`);
    handlers.set(route.name, route);
  }
  const missing = Object.keys(contract).filter((name) => !handlers.has(name));
  if (missing.length > 0) throw new Error(`nobody serves these routes of the contract: ${missing.join(', ')}`);
  return [...handlers.values()].map((route) => {
    const limit = route.options.limit ?? 'general';
    if (!isLimitName(limit)) throw new Error(`${route.name} names the unknown limit ${limit}`);
    return { definition: contract[route.name]!, route, limit, path: route.name.split(' ')[1]! };
  });
}
