import type { Context } from 'koa';
import { type ApiRoute, apiRoute } from '../../http/api-route.ts';
import { sessionCookie } from '../../http/authenticator.ts';
import { requestState } from '../../http/request-state.ts';
import type { InstanceSettings } from '@parley/sdk/contract';
import { presentUser } from './accounts.presenter.ts';
import type { AccountsService } from './accounts.service.ts';
import type { Credentials } from './credentials.ts';
import type { SessionCookies } from './session-cookie.ts';
import type { SessionsService } from './sessions.service.ts';
import type { Setup } from './setup.ts';
import type { User } from './user.entity.ts';

interface AuthRoutesDeps {
  accounts: AccountsService;
  sessions: SessionsService;
  credentials: Credentials;
  setup: Setup;
  cookies: SessionCookies;
  settings: () => InstanceSettings;
}

export function authRoutes({ accounts, sessions, credentials, setup, cookies, settings }: AuthRoutesDeps): ApiRoute[] {
  /** A fresh token at every sign-in, and the one that was there before ends: nobody can have planted it. */
  async function enter(ctx: Context, user: User) {
    const { address } = requestState(ctx);
    const before = await credentials.session(ctx.cookies.get(sessionCookie) ?? '', address);
    if (before?.sessionId !== undefined) await sessions.end(before.userId, before.sessionId, 'signed-out');
    cookies.set(ctx, await sessions.open(user.id, { address, userAgent: ctx.req.headers['user-agent'] }));
    return presentUser(user);
  }

  return [
    apiRoute('GET /api/auth/policy', {}, async () => {
      const { signUp, instanceName } = settings();
      return { signUp, instanceName, setupNeeded: await setup.isNeeded() };
    }),
    apiRoute('POST /api/auth/setup', { limit: 'auth.setup' }, async ({ ctx, body }) =>
      enter(ctx, await setup.withToken(body)),
    ),
    apiRoute('POST /api/auth/sign-up', { limit: 'auth.sign-up' }, async ({ ctx, body }) =>
      enter(ctx, await accounts.signUp(body)),
    ),
    apiRoute('POST /api/auth/sign-in', { limit: 'auth.sign-in' }, async ({ ctx, body }) =>
      enter(ctx, await accounts.signIn(body)),
    ),
    apiRoute('POST /api/auth/sign-out', {}, async ({ ctx, caller }) => {
      await sessions.end(caller.userId, caller.sessionId!, 'signed-out');
      cookies.clear(ctx);
      return undefined;
    }),
    apiRoute('POST /api/auth/sign-out-everywhere', {}, async ({ ctx, caller }) => {
      await sessions.endOthers(caller.userId, null, 'signed-out');
      cookies.clear(ctx);
      return undefined;
    }),
  ];
}
