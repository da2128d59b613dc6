import { untrack } from 'svelte';
import { preferences } from '../../../api/me.ts';
import { touch } from '../../../ui/media.ts';
import { models } from '../models.svelte.ts';
import type { ChatScreenState } from '../screen/chat-screen.svelte.ts';
import { composerAct } from './composer-keys.ts';
import { Draft } from './draft.svelte.ts';
import { limits } from './limits.svelte.ts';
import { sendBarrier, type SendBarrier } from './send-barrier.ts';

/** Near the limit the count of what is left is shown. */
const countFromChars = 1_000;

/** The box at the bottom: its words, whether they can go, and what runs. */
export class ComposerState {
  readonly draft: Draft;
  readonly #chat: ChatScreenState;
  /** Turns that were told to stop; the button reacts at once. */
  #stopping = $state.raw<ReadonlySet<string>>(new Set());

  constructor(chat: ChatScreenState, conversationId: string | null) {
    this.#chat = chat;
    this.draft = new Draft(conversationId);
    void this.draft.load();
  }

  readonly barrier: SendBarrier | null = $derived.by(() =>
    sendBarrier({
      length: this.draft.text.length,
      maxChars: limits.maxMessageChars,
      runningHere: this.running.length,
      perConversation: limits.perConversation,
      running: limits.open.size,
      perUser: limits.perUser,
      modelCount: models.list?.length ?? null,
      modelKnown: models.of(this.modelId) !== undefined,
    }),
  );

  get modelId(): string | null {
    const { store } = this.#chat;
    return store === null ? this.#chat.newModel : (store.conversation?.model ?? null);
  }
  get running() {
    return this.#chat.store?.live.open ?? [];
  }
  get isEmpty(): boolean {
    return this.draft.text.trim() === '';
  }
  /** Stop stands where Send was, while something runs and nothing new is typed. */
  get showsStop(): boolean {
    return this.running.length > 0 && this.isEmpty;
  }
  get isStopping(): boolean {
    return this.running.length > 0 && this.running.every((view) => this.#stopping.has(view.turnId));
  }
  get canSend(): boolean {
    return !this.isEmpty && this.barrier === null && !this.#chat.starting;
  }
  get charsLeft(): number | null {
    const left = limits.maxMessageChars - this.draft.text.length;
    return left >= 0 && left < countFromChars ? left : null;
  }

  async send(): Promise<void> {
    if (!this.canSend) return;
    const text = this.draft.text.trim();
    if (await this.#sent(text)) return;
    if (this.draft.text === '') this.draft.text = text;
  }

  async #sent(text: string): Promise<boolean> {
    const made = this.#chat.store !== null;
    if (made) this.draft.clear();
    const sent = await this.#chat.send(text);
    // The draft of a new chat must be gone before that chat's own composer reads it.
    if (sent && !made) this.draft.clear();
    return sent;
  }

  stop(): void {
    const turns = this.running.map((view) => view.turnId);
    this.#stopping = new Set([...this.#stopping, ...turns]);
    for (const turnId of turns)
      this.#chat.attempt(
        this.#chat.store?.actions.stop(turnId).catch((error: unknown) => {
          this.#stopping = new Set([...this.#stopping].filter((id) => id !== turnId));
          throw error;
        }),
      );
  }

  async chooseModel(id: string): Promise<void> {
    const { store } = this.#chat;
    if (store === null) this.#chat.newModel = id;
    else await store.actions.change({ model: id });
  }

  /** Words that were taken back go before what was typed since. */
  takeReturned(): void {
    const words = this.#chat.returned;
    if (words === null) return;
    untrack(() => {
      this.draft.text = [words.text, this.draft.text].filter((part) => part !== '').join('\n');
      this.#chat.returned = null;
    });
  }

  onKeydown(event: KeyboardEvent): void {
    const act = composerAct(event, {
      sendKey: preferences().sendKey,
      touch: touch.current,
      empty: this.draft.text === '',
    });
    if (act === null) return;
    event.preventDefault();
    if (act === 'send') void this.send();
    else this.#chat.editLast();
  }
}
