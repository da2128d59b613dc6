import type { Turn, TurnEvent } from '@parley/sdk/contract';
import { socketRoute, type RoomMember, type SocketRoute } from '../../realtime/socket-route.ts';
import type { ConversationsService } from '../conversations/index.ts';
import type { ChatService } from './chat.service.ts';
import type { RoomWatch } from './room-watch.ts';
import type { TurnFeed } from './turn-feed.ts';
import type { TurnQueries } from './turn-queries.ts';
import { replayTurn, type TurnReplayDeps } from './turn-replay.ts';
import { isOpen } from './turn.ts';
import { presentTurn, type TurnRow } from './turn-rows.ts';
import { TurnView } from './turn-view.ts';

export interface ChatGatewayDeps {
  service: ChatService;
  conversations: ConversationsService;
  queries: TurnQueries;
  feed: TurnFeed;
  rooms: RoomWatch;
  replay: TurnReplayDeps;
}

export function chatGateway(deps: ChatGatewayDeps): SocketRoute[] {
  const { service } = deps;
  return [
    socketRoute('conversation:join', { scope: 'read' }, async ({ caller, socket, body }) => ({
      turns: await join(deps, caller.userId, socket, body.conversationId, body.turns),
    })),
    socketRoute('conversation:leave', { scope: 'read' }, async ({ socket, body }) => {
      socket.leave(`conversation:${body.conversationId}`);
      deps.rooms.leave(body.conversationId, socket);
      return null;
    }),
    socketRoute('chat:send', { limit: 'chat.send', scope: 'chat' }, ({ caller, body: { conversationId, ...input } }) =>
      service.send(caller.userId, conversationId, input),
    ),
    socketRoute(
      'chat:regenerate',
      { limit: 'chat.regenerate', scope: 'chat' },
      ({ caller, body: { messageId, ...input } }) => service.regenerate(caller.userId, messageId, input),
    ),
    socketRoute('chat:stop', { scope: 'chat' }, ({ caller, body }) => service.stop(caller.userId, body.turnId)),
  ];
}

/** Subscribed first, then the past, then what came meanwhile, then the room: no frame is missed and none comes twice. */
async function join(
  deps: ChatGatewayDeps,
  userId: string,
  socket: RoomMember,
  conversationId: string,
  known: readonly { turnId: string; afterSeq: number }[],
): Promise<Turn[]> {
  await deps.conversations.get(userId, conversationId);
  const room = `conversation:${conversationId}`;
  // Joining again must not send live frames past those that are held here.
  socket.leave(room);
  const view = new TurnView((frame) => socket.emit('turn:frame', frame));
  const leave = await deps.feed.listen(conversationId, (frame) => view.live(frame));
  try {
    const open = await deps.queries.open(userId, conversationId);
    const named = new Map(known.map(({ turnId, afterSeq }) => [turnId, afterSeq]));
    const others = await deps.queries.withText(
      userId,
      [...named.keys()].filter((turnId) => !open.some((turn) => turn.id === turnId)),
    );
    const rows = [...open, ...others.filter((turn) => turn.conversation_id === conversationId)];
    const places: { row: TurnRow; seq: number; events: TurnEvent[] }[] = [];
    for (const row of rows) {
      const afterSeq = named.get(row.id) ?? null;
      const events = await replayTurn(deps.replay, userId, row.id, afterSeq);
      view.past({ conversationId, turnId: row.id, messageId: row.message_id }, afterSeq ?? 0, events);
      places.push({ row, seq: events.at(-1)?.seq ?? afterSeq ?? 0, events });
    }
    await deps.rooms.join(conversationId, socket);
    // The room does not know who has seen what: nothing of the past may reach it after this.
    await deps.feed.caughtUp();
    // From here to the end of the block nothing else runs, so the room takes over exactly where the view ends.
    view.release();
    for (const { row, seq, events } of places) {
      if (deps.replay.registry.get(row.id) !== undefined) continue;
      if (isOpen(row.state)) deps.feed.begin(conversationId, row.id, row.message_id, seq);
      else deps.feed.over({ conversationId, turnId: row.id, messageId: row.message_id, events }, seq);
    }
    if (socket.isConnected()) socket.join(room);
    return rows.map(presentTurn);
  } finally {
    leave();
  }
}
