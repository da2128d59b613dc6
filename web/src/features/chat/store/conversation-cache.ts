import { ConversationStore, type StorePorts } from './conversation-store.svelte.ts';

/** Chats kept in memory, so that going back and forth between them is instant. */
const maxKept = 12;

/** Every open conversation of this page, and the one listener that feeds them. */
export class ConversationCache {
  readonly #stores = new Map<string, ConversationStore>();
  /** Deleted while this page was open: to the server they are like those that never were. */
  readonly #deleted = new Set<string>();
  readonly #ports: StorePorts;
  readonly #stop: (() => void)[];

  constructor(ports: StorePorts) {
    this.#ports = ports;
    const { wire } = ports;
    const of = (id: string | null) => (id === null ? undefined : this.#stores.get(id));
    this.#stop = [
      wire.on('turn:frame', (frame) => of(frame.conversationId)?.onFrame(frame)),
      wire.on('turn:opened', (opened) => of(opened.turn.conversationId)?.onOpened(opened)),
      wire.on('turn:closed', (closed) => of(closed.turn.conversationId)?.onClosed(closed)),
      wire.on('message:changed', (message) => of(message.conversationId)?.onMessage(message)),
      wire.on('conversation:created', ({ id }) => {
        this.#deleted.delete(id);
        of(id)?.onCreated();
      }),
      wire.on('conversation:changed', (conversation) => of(conversation.id)?.onConversation(conversation)),
      wire.on('conversation:deleted', ({ id }) => {
        this.#deleted.add(id);
        of(id)?.onDeleted();
      }),
      wire.onConnect(() => {
        for (const store of this.#stores.values()) store.reconnected();
      }),
    ];
  }

  get(id: string): ConversationStore {
    const store = this.#stores.get(id) ?? this.#make(id);
    this.#stores.delete(id);
    this.#stores.set(id, store);
    this.#shrink();
    return store;
  }

  /** Somebody else may sign in next. */
  clear(): void {
    this.#stores.clear();
    this.#deleted.clear();
  }

  close(): void {
    for (const stop of this.#stop) stop();
    this.#stores.clear();
  }

  #make(id: string): ConversationStore {
    const store = new ConversationStore(id, this.#ports);
    if (this.#deleted.has(id)) store.onDeleted();
    return store;
  }

  /** The least used go first, but never one that has words on their way. */
  #shrink(): void {
    for (const [id, store] of this.#stores) {
      if (this.#stores.size <= maxKept) return;
      if (store.outbox.items.length === 0) this.#stores.delete(id);
    }
  }
}
