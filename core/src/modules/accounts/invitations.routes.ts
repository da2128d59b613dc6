import { z } from 'zod';
import { type ApiRoute, apiRoute } from '../../http/api-route.ts';
import { InvalidInput } from '../../http/http-errors.ts';
import { presentInvitation } from './accounts.presenter.ts';
import type { InvitationsService } from './invitations.service.ts';

export function invitationRoutes(invitations: InvitationsService): ApiRoute[] {
  return [
    apiRoute('POST /api/auth/invitation', { limit: 'auth.invitation' }, async ({ body }) => ({
      valid: await invitations.isOpen(body.invitation),
    })),
    apiRoute('GET /api/admin/invitations', {}, async ({ query }) => {
      const found = await invitations.list({ after: cursorId(query.cursor), limit: query.limit + 1 });
      const items = found.slice(0, query.limit);
      return {
        items: items.map(presentInvitation),
        nextCursor: found.length > items.length ? (items.at(-1)?.id ?? null) : null,
      };
    }),
    apiRoute('POST /api/admin/invitations', {}, async ({ body }) => {
      const { invitation, link } = await invitations.create(body);
      return { ...presentInvitation(invitation), link };
    }),
    apiRoute('DELETE /api/admin/invitations/:id', {}, async ({ params }) => {
      await invitations.withdraw(params.id);
      return undefined;
    }),
  ];
}

function cursorId(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (z.uuid().safeParse(cursor).success) return cursor;
  throw InvalidInput([{ path: 'cursor', code: 'invalid', message: 'is not a cursor of ours' }]);
}
