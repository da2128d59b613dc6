import { tick } from 'svelte';
import { preferences } from '../../../api/me.ts';
import { messageActs } from '../message/message-acts.ts';
import type { ChatScreenState } from '../screen/chat-screen.svelte.ts';
import type { ConversationStore } from '../store/conversation-store.svelte.ts';
import type { LogRow } from '../store/log-rows.ts';
import { logAct } from './log-keys.ts';
import { LogScroll } from './log-scroll.svelte.ts';

const flashMs = 1_800;

/** The list of messages: what has the focus, what loads when, and where the eye rests. */
export class MessageLogState {
  readonly scroll: LogScroll;
  /** Key of the row that Tab reaches; null: the last one. */
  #focused = $state<string | null>(null);
  #hovered = $state<string | null>(null);
  readonly #chat: ChatScreenState;
  readonly #store: ConversationStore;

  constructor(chat: ChatScreenState, store: ConversationStore) {
    this.#chat = chat;
    this.#store = store;
    this.scroll = new LogScroll({
      nearStart: () => this.#load(() => store.loadBefore()),
      nearEnd: () => this.#load(() => store.loadAfter()),
      endIsHere: () => !store.path.hasAfter,
    });
  }

  get rows(): readonly LogRow[] {
    return this.#store.rows;
  }
  get focusedKey(): string | undefined {
    const held = this.rows.find((row) => row.key === this.#focused);
    return (held ?? this.rows.at(-1))?.key;
  }

  /** The row that the pointer is on, or was on last. */
  get hoveredKey(): string | null {
    return this.#hovered;
  }

  async toLatest(): Promise<void> {
    if (this.#store.path.hasAfter) {
      await this.#store.loadEnd();
      await tick();
      this.scroll.toEnd();
    } else this.scroll.jumpToEnd();
  }

  /** What was just sent comes to rest near the top. */
  restOnLastSent(): void {
    const row = this.rows.findLast((each) => each.kind === 'outgoing' || each.message.role === 'user');
    if (row !== undefined) this.scroll.rest(row.key);
  }

  reveal(messageId: string): void {
    const row = this.rows.find((each) => each.kind === 'message' && each.message.id === messageId);
    if (row === undefined) return;
    this.scroll.reveal(row.key);
    this.#focused = row.key;
    this.#chat.flashed = messageId;
    setTimeout(() => {
      if (this.#chat.flashed === messageId) this.#chat.flashed = null;
    }, flashMs);
  }

  readonly showVersion = (messageId: string, versionId: string): void => {
    const row = this.rows.find((each) => each.kind === 'message' && each.message.id === messageId);
    const key = row?.key ?? messageId;
    const hadFocus = keyAround(document.activeElement) === key;
    this.#chat.attempt(
      this.scroll.hold(key, async () => {
        await this.#store.actions.showVersion(versionId);
        await tick();
        this.#focused = versionId;
        if (hadFocus) articleOf(document, versionId)?.focus({ preventScroll: true });
        return versionId;
      }),
    );
  };

  /** After the path changed: what was loaded above must not push down what is being read. */
  async settled(): Promise<void> {
    await tick();
    this.scroll.settle();
  }

  onFocusIn(event: FocusEvent): void {
    this.#focused = keyAround(event.target);
  }

  onPointerOver(event: PointerEvent): void {
    this.#hovered = keyAround(event.target) ?? this.#hovered;
  }

  onKeydown(event: KeyboardEvent, root: HTMLElement): void {
    // Keys typed into a control of a message belong to that control.
    const onArticle = event.target instanceof HTMLElement && event.target.matches('article');
    const act = logAct(event, preferences().singleKeys);
    if (act === null || (!onArticle && !event.altKey)) return;
    event.preventDefault();
    const at = this.rows.findIndex((row) => row.key === this.focusedKey);
    if (act === 'previous') return this.#focus(root, at - 1);
    if (act === 'next') return this.#focus(root, at + 1);
    if (act === 'latest') return void this.toLatest().then(() => this.#focus(root, this.rows.length - 1));
    const row = this.rows[at];
    // A key that is held down walks on; what costs money or time is done once.
    if (row?.kind !== 'message' || event.repeat) return;
    const acts = messageActs(this.#chat, row.message, this.showVersion);
    if (act === 'copy') acts.copy();
    else if (act === 'older-version') acts.version(-1);
    else if (act === 'newer-version') acts.version(1);
    else if (acts.mayChange && act === 'edit') acts.edit();
    else if (acts.mayChange && row.message.role === 'assistant') acts.regenerate();
  }

  #focus(root: HTMLElement, index: number): void {
    const row = this.rows[index];
    if (row === undefined) return;
    this.#focused = row.key;
    const article = articleOf(root, row.key);
    article?.focus({ preventScroll: true });
    article?.scrollIntoView({ block: 'nearest' });
  }

  #load(load: () => Promise<void>): void {
    if (this.#store.phase === 'ready') this.#chat.attempt(load());
  }
}

function articleOf(root: ParentNode, key: string): HTMLElement | null {
  return root.querySelector(`[data-key="${CSS.escape(key)}"] > article`);
}

function keyAround(target: EventTarget | null): string | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-key]') : null;
  return row?.dataset['key'] ?? null;
}
