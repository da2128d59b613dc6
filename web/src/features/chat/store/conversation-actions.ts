import type { HttpClient, RouteRequest } from '@parley/sdk/client';
import type { Message, TurnOpened } from '@parley/sdk/contract';
import type { Wire } from '../../../api/wire.ts';
import type { ConversationStore } from './conversation-store.svelte.ts';
import type { Outgoing } from './outbox.svelte.ts';

export type ConversationChange = RouteRequest<'PATCH /api/conversations/:id'>['body'];

/** A wish to have a reply written again, until the server has granted it. */
interface Rewrite {
  readonly clientTurnId: string;
  underWay: Promise<void> | null;
}

/** What a person does in a conversation. Each act goes to the server; what it changes comes back as everybody else's view of it does. */
export class ConversationActions {
  readonly #store: ConversationStore;
  readonly #wire: Wire;
  readonly #http: HttpClient;
  readonly #rewrites = new Map<string, Rewrite>();
  /** The changes of settings on their way; settled well when the last one is settled in any way. */
  #changes: Promise<void> = Promise.resolve();

  constructor(store: ConversationStore, wire: Wire) {
    this.#store = store;
    this.#wire = wire;
    this.#http = wire.http;
  }

  async send(text: string): Promise<void> {
    // Kept before anything that needs the network.
    this.#store.outbox.add(text);
    await this.#store.loadEnd();
    this.#store.markSent();
  }

  async post({ clientTurnId, text, parentId }: Outgoing): Promise<TurnOpened> {
    await this.#changes;
    return this.#wire.ask('chat:send', { conversationId: this.#store.id, clientTurnId, text, parentId });
  }

  /** Answers a changed message anew, as a branch beside the old one. */
  resend(message: Message, text: string): void {
    this.#store.outbox.add(text, message.parentId);
    this.#store.markSent();
  }

  /** Corrects the words alone. */
  async correct(message: Message, text: string): Promise<void> {
    this.#store.onMessage(await this.#http('PATCH /api/messages/:id', { params: { id: message.id }, body: { text } }));
  }

  /** Pressed twice it is still one reply, and one charge. */
  regenerate(message: Message, model?: string): Promise<void> {
    // A message that was written again since is another one to wish for.
    const wish = JSON.stringify([message.id, message.turnId, message.versions.length, model]);
    const rewrite = this.#rewrites.get(wish) ?? { clientTurnId: crypto.randomUUID(), underWay: null };
    this.#rewrites.set(wish, rewrite);
    rewrite.underWay ??= this.#rewrite(message, model, rewrite.clientTurnId)
      // Only now: an answer that was lost may have been a yes, and asking under the same id returns the turn that exists.
      .then(() => void this.#rewrites.delete(wish))
      .finally(() => (rewrite.underWay = null));
    return rewrite.underWay;
  }

  async #rewrite({ id }: Message, model: string | undefined, clientTurnId: string): Promise<void> {
    await this.#changes;
    this.#store.applyOpened(await this.#wire.ask('chat:regenerate', { messageId: id, clientTurnId, model }));
  }

  /** REST when the socket is away: the reply runs on the server either way. */
  async stop(turnId: string): Promise<void> {
    if (this.#wire.connected) await this.#wire.ask('chat:stop', { turnId });
    else await this.#http('POST /api/turns/:id/stop', { params: { id: turnId } });
  }

  async showVersion(messageId: string): Promise<void> {
    const id = this.#store.id;
    this.#store.setConversation(
      await this.#http('PUT /api/conversations/:id/active-message', { params: { id }, body: { messageId } }),
    );
    await this.#store.loadAround(messageId);
  }

  /** Makes a message part of what is on the page. */
  async reveal(messageId: string): Promise<void> {
    if (this.#store.message(messageId) === undefined) await this.#store.loadAround(messageId);
  }

  /**
   * One after the other, so that the last choice stays. What is sent next waits for them, as it means to be answered with what was
   * chosen, and the socket is faster than HTTP.
   */
  change(change: ConversationChange): Promise<void> {
    const changed = this.#changes.then(() => this.#change(change));
    this.#changes = changed.catch(() => undefined);
    return changed;
  }

  async #change(change: ConversationChange): Promise<void> {
    const id = this.#store.id;
    this.#store.setConversation(await this.#http('PATCH /api/conversations/:id', { params: { id }, body: change }));
  }
}
