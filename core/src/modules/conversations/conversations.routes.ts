import { apiRoute, type ApiRoute } from '../../http/api-route.ts';
import type { ConversationsService } from './conversations.service.ts';
import type { MessagesService } from './messages.service.ts';

const read = { scope: 'read' } as const;
const write = { scope: 'write' } as const;

export function conversationsRoutes(conversations: ConversationsService, messages: MessagesService): ApiRoute[] {
  return [
    apiRoute('GET /api/conversations', read, ({ caller, query }) => conversations.list(caller.userId, query)),
    apiRoute('POST /api/conversations', write, ({ caller, body }) => conversations.create(caller.userId, body)),
    apiRoute('GET /api/conversations/:id', read, ({ caller, params }) => conversations.get(caller.userId, params.id)),
    apiRoute('PATCH /api/conversations/:id', write, ({ caller, params, body }) =>
      conversations.change(caller.userId, params.id, body),
    ),
    apiRoute('DELETE /api/conversations/:id', write, async ({ caller, params }) => {
      await conversations.delete(caller.userId, params.id);
      return undefined;
    }),
    apiRoute('POST /api/conversations/:id/restore', write, ({ caller, params }) =>
      conversations.restore(caller.userId, params.id),
    ),
    apiRoute('GET /api/conversations/:id/messages', read, ({ caller, params, query }) =>
      messages.page(caller.userId, params.id, query),
    ),
    apiRoute('PUT /api/conversations/:id/active-message', write, ({ caller, params, body }) =>
      messages.showBranch(caller.userId, params.id, body.messageId),
    ),
    apiRoute('GET /api/search', { ...read, limit: 'conversations.search' }, ({ caller, query }) =>
      messages.search(caller.userId, query),
    ),
    apiRoute('PATCH /api/messages/:id', write, ({ caller, params, body }) =>
      messages.correct(caller.userId, params.id, body.text),
    ),
  ];
}
