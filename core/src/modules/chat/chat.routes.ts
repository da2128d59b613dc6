import { apiRoute, type ApiRoute } from '../../http/api-route.ts';
import type { MessagesService } from '../conversations/index.ts';
import { presentTrace } from '../prompting/index.ts';
import { TraceNotFound, TurnNotFound } from './chat.errors.ts';
import type { ChatService } from './chat.service.ts';
import { estimateSend, type EstimatesDeps } from './estimates.ts';
import { turnEventStream, type TurnEventStreamDeps } from './turn-event-stream.ts';
import type { TurnQueries } from './turn-queries.ts';

export interface ChatRoutesDeps extends TurnEventStreamDeps, EstimatesDeps {
  service: ChatService;
  messages: MessagesService;
  queries: TurnQueries;
}

export function chatRoutes(deps: ChatRoutesDeps): ApiRoute[] {
  const { service, queries } = deps;
  return [
    apiRoute('POST /api/conversations/:id/turns', { limit: 'chat.send', scope: 'chat' }, ({ caller, params, body }) =>
      service.send(caller.userId, params.id, body),
    ),
    apiRoute(
      'POST /api/messages/:id/regenerate',
      { limit: 'chat.regenerate', scope: 'chat' },
      ({ caller, params, body }) => service.regenerate(caller.userId, params.id, body),
    ),
    apiRoute('POST /api/estimate', { limit: 'chat.estimate', scope: 'read' }, ({ caller, body }) =>
      estimateSend(deps, caller.userId, body),
    ),
    apiRoute('GET /api/turns', { scope: 'read' }, ({ caller }) => service.listOpen(caller.userId)),
    apiRoute('GET /api/turns/:id', { scope: 'read' }, ({ caller, params }) => service.get(caller.userId, params.id)),
    apiRoute('POST /api/turns/:id/stop', { scope: 'chat' }, ({ caller, params }) =>
      service.stop(caller.userId, params.id),
    ),
    apiRoute('GET /api/turns/:id/events', { scope: 'read' }, async ({ caller, params, query, ctx, signal }) => {
      const turn = await queries.find(caller.userId, params.id);
      if (turn === undefined) throw TurnNotFound();
      const afterSeq = query.afterSeq ?? lastEventId(ctx.get('Last-Event-ID'));
      ctx.set({ 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
      ctx.type = 'text/event-stream';
      ctx.body = await turnEventStream(deps, caller.userId, turn, afterSeq, signal);
      return undefined;
    }),
    apiRoute('GET /api/messages/:id/trace', { scope: 'read' }, async ({ caller, params }) => {
      const turn = await queries.trace(caller.userId, params.id);
      if (turn === undefined) throw TraceNotFound();
      const ids = turn.trace.sections.flatMap((section) => section.messageId ?? []);
      return presentTrace(turn, await deps.messages.getMany(caller.userId, ids));
    }),
  ];
}

function lastEventId(header: string): number | null {
  return /^\d{1,9}$/.test(header) ? Number(header) : null;
}
