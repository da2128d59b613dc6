import type { HttpClient, RouteRequest } from '@parley/sdk/client';
import type { Conversation } from '@parley/sdk/contract';
import { t } from '../../i18n/i18n.svelte.ts';
import { sentenceOf } from '../../i18n/problem-sentence.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import type { ConversationList } from './conversation-list.svelte.ts';

type Change = RouteRequest<'PATCH /api/conversations/:id'>['body'];

/** What one does with chats of the list. The row changes at once; the server's word comes by event, and a refusal puts it back. */
export class ListActs {
  readonly #list: ConversationList;
  readonly #http: HttpClient;

  constructor(list: ConversationList, http: HttpClient) {
    this.#list = list;
    this.#http = http;
  }

  async rename(conversation: Conversation, title: string): Promise<void> {
    await this.#change(conversation, { title });
  }

  async pin(conversation: Conversation): Promise<void> {
    await this.#change(conversation, { pinned: !conversation.pinned });
  }

  /** Into the archive, or out of it. */
  async archive(conversations: readonly Conversation[]): Promise<void> {
    const archived = !this.#list.archived;
    await Promise.all(conversations.map((conversation) => this.#change(conversation, { archived })));
    this.#offerUndo(archived ? 'conversations.archived' : 'conversations.unarchived', conversations.length, () =>
      Promise.all(
        conversations.map(({ id }) =>
          this.#http('PATCH /api/conversations/:id', { params: { id }, body: { archived: !archived } }),
        ),
      ),
    );
  }

  async delete(conversations: readonly Conversation[]): Promise<void> {
    for (const { id } of conversations) this.#list.remove(id);
    try {
      await Promise.all(conversations.map(({ id }) => this.#http('DELETE /api/conversations/:id', { params: { id } })));
    } catch (error) {
      for (const conversation of conversations) this.#list.put(conversation);
      return this.#say(error);
    }
    this.#offerUndo('conversations.deleted', conversations.length, () =>
      Promise.all(conversations.map(({ id }) => this.#http('POST /api/conversations/:id/restore', { params: { id } }))),
    );
  }

  async #change(conversation: Conversation, change: Change): Promise<void> {
    const { title, pinned, archived } = { ...conversation, ...change };
    this.#list.put({ ...conversation, title, pinned, archived });
    try {
      this.#list.put(
        await this.#http('PATCH /api/conversations/:id', { params: { id: conversation.id }, body: change }),
      );
    } catch (error) {
      this.#list.put(conversation);
      this.#say(error);
    }
  }

  #offerUndo(
    key: 'conversations.deleted' | 'conversations.archived' | 'conversations.unarchived',
    count: number,
    undo: () => Promise<readonly Conversation[]>,
  ): void {
    const run = () =>
      void undo().then(
        (back) => {
          for (const conversation of back) this.#list.put(conversation);
        },
        (error: unknown) => this.#say(error),
      );
    toasts.show({ text: t(key, { count }), action: { label: t('ui.undo'), run } });
  }

  #say(error: unknown): void {
    toasts.show({ text: sentenceOf(error), tone: 'danger' });
  }
}
