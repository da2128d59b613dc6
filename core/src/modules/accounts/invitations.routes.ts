import { type ApiRoute, apiRoute } from '../../http/api-route.ts';
import { cursorId, idPage } from '../../http/id-page.ts';
import { presentInvitation } from './accounts.presenter.ts';
import type { InvitationsService } from './invitations.service.ts';

export function invitationRoutes(invitations: InvitationsService): ApiRoute[] {
  return [
    apiRoute('POST /api/auth/invitation', { limit: 'auth.invitation' }, async ({ body }) => ({
      valid: await invitations.isOpen(body.invitation),
    })),
    apiRoute('GET /api/admin/invitations', {}, async ({ query }) => {
      const found = await invitations.list({ after: cursorId(query.cursor), limit: query.limit + 1 });
      return idPage(found, query.limit, presentInvitation);
    }),
    apiRoute('POST /api/admin/invitations', {}, async ({ body, caller }) => {
      const { invitation, link } = await invitations.create(body, caller.userId);
      return { ...presentInvitation(invitation), link };
    }),
    apiRoute('DELETE /api/admin/invitations/:id', {}, async ({ params, caller }) => {
      await invitations.withdraw(params.id, caller.userId);
      return undefined;
    }),
  ];
}
