import { ConversationCache } from '../store/conversation-cache.ts';
import type { ConversationStore } from '../store/conversation-store.svelte.ts';
import { conversationId } from './factories.ts';
import type { ScriptedServer } from './scripted-server.ts';

const nothing = () => undefined;

/** What one tab keeps of its chats. */
export function cacheOf(server: ScriptedServer): ConversationCache {
  return new ConversationCache({ wire: server.wire, keepOutgoing: nothing, moved: nothing, grew: nothing });
}

/** The server's conversation, opened in a tab of its own. */
export async function openTab(server: ScriptedServer): Promise<ConversationStore> {
  const store = cacheOf(server).get(conversationId);
  await store.activate();
  return store;
}
