import { createContext } from 'svelte';
import type { Message } from '@parley/sdk/contract';
import { http } from '../../../api/http.ts';
import { sentenceOf } from '../../../i18n/problem-sentence.ts';
import { go } from '../../../shell/navigation.svelte.ts';
import { toasts } from '../../../ui/toasts.svelte.ts';
import type { ConversationStore } from '../store/conversation-store.svelte.ts';
import { chatOf } from './page-chats.ts';

/** The chat screen: which conversation it shows, and what of it is open. One instance, handed down by context. */
export class ChatScreenState {
  readonly #id: () => string | null;
  /** Null: a new chat that has no address yet. */
  readonly store = $derived.by<ConversationStore | null>(() => {
    const id = this.#id();
    return id === null ? null : chatOf(id);
  });
  /** The message whose words are being changed. */
  editing = $state<string | null>(null);
  /** The reply that the side panel explains. */
  traceOf = $state<string | null>(null);
  /** The turn whose receipt is open. */
  receiptOf = $state<string | null>(null);
  panelOpen = $state(false);
  settingsOpen = $state(false);
  findOpen = $state(false);
  /** A message that the log must bring into sight; it takes it from here. */
  target = $state<string | null>(null);
  /** The message that a link led to. */
  flashed = $state<string | null>(null);
  /** Chosen for a chat that does not exist yet. */
  newModel = $state<string | null>(null);
  /** The place where a reply is being written again; it keeps its height until the new text is longer. */
  slot = $state.raw<{ position: number; heightPx: number } | null>(null);
  starting = $state(false);
  /** Words that come back to the composer, such as those of a message taken back. */
  returned = $state.raw<{ text: string } | null>(null);

  constructor(id: () => string | null) {
    this.#id = id;
  }

  /** Runs an act; what goes wrong is said where it can't be missed. */
  attempt(act: Promise<unknown> | undefined): void {
    void act?.catch((error: unknown) => toasts.show({ text: sentenceOf(error), tone: 'danger' }));
  }

  /** Sends; the first message makes the chat. False when it could not be made, so the words stay in the composer. */
  async send(text: string): Promise<boolean> {
    if (this.store !== null) {
      this.attempt(this.store.actions.send(text));
      return true;
    }
    if (this.starting) return false;
    this.starting = true;
    try {
      const conversation = await http('POST /api/conversations', { body: { model: this.newModel } });
      const store = chatOf(conversation.id);
      store.begin(conversation);
      await store.join();
      await store.actions.send(text);
      await go(`/chat/${conversation.id}`, { replace: true, keepFocus: true });
      return true;
    } catch (error) {
      toasts.show({ text: sentenceOf(error), tone: 'danger' });
      return false;
    } finally {
      this.starting = false;
    }
  }

  /** Brings a message into sight, loading the part of the conversation it is in. */
  reveal(messageId: string): void {
    this.attempt(
      this.store?.actions.reveal(messageId).then(() => {
        this.target = messageId;
      }),
    );
  }

  showTrace(message: Message): void {
    this.traceOf = message.id;
    this.panelOpen = true;
  }

  togglePanel(): void {
    this.traceOf ??= this.store?.path.items.findLast((message) => message.role === 'assistant')?.id ?? null;
    this.panelOpen = !this.panelOpen;
  }

  /** In an empty composer Up goes back to the words sent last. */
  editLast(): void {
    const own = this.store?.path.items.findLast((message) => message.role === 'user');
    if (own !== undefined) this.editing = own.id;
  }

  takeBack(clientTurnId: string): void {
    const text = this.store?.outbox.cancel(clientTurnId) ?? null;
    if (text !== null) this.returned = { text };
  }

  /** Another chat is on the screen; what was open belonged to the last one. */
  leaveOld(): void {
    this.editing = null;
    this.traceOf = null;
    this.receiptOf = null;
    this.panelOpen = false;
    this.settingsOpen = false;
    this.findOpen = false;
    this.target = null;
  }

  /** Closes the top layer, else stops what runs, else leaves the text box. */
  escape(): void {
    if (this.findOpen) this.findOpen = false;
    else if (this.panelOpen) this.panelOpen = false;
    else if ((this.store?.live.open.length ?? 0) > 0) this.stopAll();
    else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  }

  stopAll(): void {
    for (const view of this.store?.live.open ?? []) this.attempt(this.store?.actions.stop(view.turnId));
  }
}

export const [getChat, setChat] = createContext<ChatScreenState>();
