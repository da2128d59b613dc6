import type { Context } from 'koa';
import { type Authenticator, sessionCookie } from './authenticator.ts';
import { addToScope } from '../observability/log-scope.ts';
import type { Caller } from './caller.ts';
import { Forbidden, InvalidKey, ScopeMissing, SessionRequired, SignInRequired } from './http-errors.ts';
import type { Limiter } from './middleware/rate-limit.ts';
import { limitRequest } from './middleware/rate-limit.ts';
import { requestState } from './request-state.ts';
import type { RouteDefinition } from './route-types.ts';
import type { RouteOptions } from './api-route.ts';

/** Who sends this request: an API key in `Authorization: Bearer`, else the session cookie; null for nobody. */
export async function identify(ctx: Context, authenticator: Authenticator, limiter: Limiter): Promise<Caller | null> {
  const state = requestState(ctx);
  const authorization = ctx.req.headers.authorization;
  if (authorization !== undefined) {
    const key = bearerToken(authorization);
    state.caller = key === null ? null : await authenticator.apiKey(key);
    if (state.caller === null) {
      await limitRequest(ctx, limiter, 'auth.failed', `ip:${state.address}`);
      throw InvalidKey();
    }
    addToScope({ userId: state.caller.userId });
    return state.caller;
  }
  const token = ctx.cookies.get(sessionCookie);
  state.caller = token === undefined || token === '' ? null : await authenticator.session(token, state.address);
  if (state.caller !== null) addToScope({ userId: state.caller.userId });
  return state.caller;
}

export function bearerToken(authorization: string): string | null {
  return /^bearer +(\S{1,200})$/i.exec(authorization)?.[1] ?? null;
}

/** Deny by default: what the contract does not open stays shut, and a key opens only routes that name its scope. */
export function authorize(
  caller: Caller | null,
  access: RouteDefinition['access'],
  scope: RouteOptions['scope'],
): void {
  if (access === 'public') return;
  if (caller === null) throw SignInRequired();
  if (caller.apiKeyId !== undefined) {
    if (scope === undefined || access === 'admin') throw SessionRequired();
    if (caller.scopes?.includes(scope) !== true) throw ScopeMissing({ scope });
  }
  if (access === 'admin' && caller.role !== 'admin') throw Forbidden();
}
