import { session } from '../../../api/session.svelte.ts';
import { preferences } from '../../../api/me.ts';
import { t } from '../../../i18n/i18n.svelte.ts';
import { announce } from '../../../ui/announce.ts';
import { keptWords } from '../composer/kept-words.ts';
import { ConversationCache } from '../store/conversation-cache.ts';
import { spokenCost } from '../money/receipt-words.ts';
import type { ConversationStore } from '../store/conversation-store.svelte.ts';
import type { Outgoing } from '../store/outbox.svelte.ts';
import { pageWire } from '../../../api/page-wire.ts';
import { ReplyAnnouncer } from './reply-announcer.ts';

const announcer = new ReplyAnnouncer({
  say: announce,
  words: (key) => t(`chat.${key}`),
  finished: (text) => t('chat.said-done', { text }),
  failed: (text) => t('chat.said-failed', { text }),
  cost: (reply) => spokenCost(reply.receipt),
  withCost: (words, cost) => t('chat.said-with-cost', { words, cost }),
  setting: () => preferences().announcements,
  now: () => performance.now(),
});

const outboxKey = (conversationId: string) => `parley.outbox.${conversationId}`;

/** The conversations of this page; they belong to the person who is signed in. */
const chats = new ConversationCache({
  wire: pageWire,
  keepOutgoing: (id, items) =>
    void (items.length === 0 ? keptWords.del(outboxKey(id)) : keptWords.set(outboxKey(id), items)),
  moved: (reply) => announcer.moved(reply),
  grew: (reply) => announcer.grew(reply),
});
session.onChange((state) => {
  if (state === 'signed-out') chats.clear();
});

export function chatOf(id: string): ConversationStore {
  return chats.get(id);
}

/** What a reload or crash left unsent goes out again; its keys make sure that nothing is sent twice. */
export async function restoreOutbox(store: ConversationStore): Promise<void> {
  const kept = await keptWords.get<readonly Outgoing[]>(outboxKey(store.id));
  if (kept !== undefined && kept.length > 0) store.outbox.restore(kept);
}
