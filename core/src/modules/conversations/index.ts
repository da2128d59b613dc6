import type { EventBus } from '../../events/event-bus.ts';
import type { Cache } from '../../ports/cache/index.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { Database } from '../../ports/database/database.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import { Announcer } from './announce.ts';
import { ConversationLists } from './conversation-lists.ts';
import { ConversationStore } from './conversation-store.ts';
import './conversations.events.ts';
import { conversationsRoutes } from './conversations.routes.ts';
import { ConversationsService } from './conversations.service.ts';
import { MessageStore } from './message-store.ts';
import { MessagesService } from './messages.service.ts';
import { purgeDeleted } from './purge-deleted.job.ts';

export { Conversation } from './conversation.entity.ts';
export { Message } from './message.entity.ts';
export { type ConversationRow, ownConversationColumns, presentConversation } from './conversation-rows.ts';
export { ConversationNotFound, MessageNotFound, MessageStillWriting } from './conversations.errors.ts';
export { readHistory, type HistoryMessage } from './prompt-history.ts';
export { cleanTitle } from './clean-title.ts';
export { searchDocument } from './search-tokens.ts';
export type { ConversationsService, MessagesService };

export interface ConversationsDeps {
  database: Database;
  cache: Cache;
  broadcaster: Broadcaster;
  events: EventBus;
  clock: Clock;
}

export function createConversationsModule(deps: ConversationsDeps) {
  const store = new ConversationStore(deps.database.pool);
  const messageStore = new MessageStore(deps.database.pool);
  const lists = new ConversationLists(deps.cache);
  const announcer = new Announcer(deps.broadcaster, lists);
  const service = new ConversationsService({ store, announcer, events: deps.events, lists });
  const messages = new MessagesService({
    conversations: store,
    messages: messageStore,
    announcer,
    pool: deps.database.pool,
  });
  return {
    service,
    messages,
    routes: conversationsRoutes(service, messages),
    jobs: [purgeDeleted(store, deps.clock)],
  };
}
export type ConversationsModule = ReturnType<typeof createConversationsModule>;
