import { type ApiRoute, apiRoute } from '../../http/api-route.ts';
import { SessionNotFound } from './accounts.errors.ts';
import { presentApiKey, presentSession, presentUser } from './accounts.presenter.ts';
import type { AccountsService } from './accounts.service.ts';
import type { ApiKeysService } from './api-keys.service.ts';
import type { SessionsService } from './sessions.service.ts';

interface MeRoutesDeps {
  accounts: AccountsService;
  sessions: SessionsService;
  apiKeys: ApiKeysService;
}

export function meRoutes({ accounts, sessions, apiKeys }: MeRoutesDeps): ApiRoute[] {
  return [
    apiRoute('GET /api/me', { scope: 'read' }, async ({ caller }) => presentUser(await accounts.get(caller.userId))),
    apiRoute('PATCH /api/me', {}, ({ caller, body }) => accounts.changeProfile(caller.userId, body)),
    apiRoute('POST /api/me/password', { limit: 'account.password' }, async ({ caller, body }) => {
      await accounts.changePassword(caller.userId, caller.sessionId!, body);
      return undefined;
    }),
    apiRoute('GET /api/me/sessions', {}, async ({ caller }) =>
      (await sessions.list(caller.userId)).map((session) => presentSession(session, caller.sessionId)),
    ),
    apiRoute('DELETE /api/me/sessions/:id', {}, async ({ caller, params }) => {
      if (!(await sessions.end(caller.userId, params.id, 'revoked'))) throw SessionNotFound();
      return undefined;
    }),
    apiRoute('GET /api/me/api-keys', {}, async ({ caller }) => (await apiKeys.list(caller.userId)).map(presentApiKey)),
    apiRoute('POST /api/me/api-keys', { limit: 'account.keys' }, async ({ caller, body }) => {
      const { apiKey, key } = await apiKeys.create(caller.userId, body);
      return { ...presentApiKey(apiKey), key };
    }),
    apiRoute('DELETE /api/me/api-keys/:id', {}, async ({ caller, params }) => {
      await apiKeys.revoke(caller.userId, params.id);
      return undefined;
    }),
  ];
}
