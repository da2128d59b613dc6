import { untrack } from 'svelte';
import { credits } from '../../../api/credits.svelte.ts';
import { limits } from '../../../api/limits.svelte.ts';
import { preferences } from '../../../api/me.ts';
import { models } from '../../../api/models.svelte.ts';
import { pageWire } from '../../../api/page-wire.ts';
import { runningTurns } from '../../../api/running-turns.svelte.ts';
import { dueOnThisClock } from '../../../api/server-time.ts';
import { connection } from '../../../api/socket.ts';
import { touch } from '../../../ui/media.ts';
import { secondsNow } from '../../../ui/seconds-now.ts';
import { Estimator, type EstimateQuestion } from '../money/estimator.svelte.ts';
import type { ChatScreenState } from '../screen/chat-screen.svelte.ts';
import { composerAct } from './composer-keys.ts';
import { Draft } from './draft.svelte.ts';
import { sendBarrier, type SendBarrier } from './send-barrier.ts';

/** Near the limit the count of what is left is shown. */
const countFromChars = 1_000;

/** The box at the bottom: its words, whether they can go, and what runs. */
export class ComposerState {
  readonly draft: Draft;
  readonly estimator = new Estimator(pageWire.http);
  readonly #chat: ChatScreenState;
  /** Turns that were told to stop; the button reacts at once. */
  #stopping = $state.raw<ReadonlySet<string>>(new Set());
  /** Grows when what stands in the way may have gone without a word. */
  #looks = $state(0);
  /** A model that was chosen and that the server has not confirmed yet. */
  #choosing = $state<string | null>(null);

  constructor(chat: ChatScreenState, conversationId: string | null) {
    this.#chat = chat;
    this.draft = new Draft(conversationId);
    void this.draft.load();
  }

  readonly barrier: SendBarrier | null = $derived.by(() => {
    const model = models.of(this.modelId);
    return sendBarrier(
      {
        length: this.draft.text.length,
        maxChars: limits.maxMessageChars,
        runningHere: this.running.length,
        perConversation: limits.perConversation,
        running: runningTurns.list.length,
        perUser: limits.perUser,
        modelCount: models.list?.length ?? null,
        modelKnown: model !== undefined,
        modelAllowed: limits.allowsModel(model?.id ?? this.modelId, models.list?.length ?? null),
        limits: limits.current,
        estimate: this.estimator.estimate,
        problem: this.estimator.problem,
        refused: this.refused,
        available: this.available,
      },
      { now: secondsNow, due: dueOnThisClock },
    );
  });

  get modelId(): string | null {
    const { store } = this.#chat;
    return store === null ? this.#chat.newModel : (this.#choosing ?? store.conversation?.model ?? null);
  }
  get running() {
    return this.#chat.store?.live.open ?? [];
  }
  /** A message that the server did not take and that waits for its person. */
  get refused() {
    const item = this.#chat.store?.outbox.items.find(({ state }) => state === 'refused');
    return item?.problem ? { problem: item.problem, retryAtMs: item.retryAtMs } : null;
  }
  /** Micro-credits; null: not known, as nothing has cost anything yet. */
  get available(): number | null {
    return credits.balance?.available ?? this.estimator.estimate?.available ?? null;
  }
  /** Micro-credits that the replies being written here may cost. */
  get locked(): number {
    const receipts = this.running.map(({ messageId }) => this.#chat.store?.message(messageId)?.receipt);
    return receipts.reduce((sum, receipt) => sum + (receipt?.held ?? 0), 0);
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

  /** For an effect: asks again whenever something changed that the cost depends on. */
  followCost(): void {
    const question = this.#question();
    const { store } = this.#chat;
    const { model, systemPrompt, parameters } = store?.conversation ?? {};
    const situation = [
      [model, systemPrompt, parameters, store?.path.items.at(-1)?.id, this.running.length],
      [credits.balance?.available, limits.current?.tier.id, connection.live, this.#looks],
    ];
    untrack(() => this.estimator.ask(question, JSON.stringify(situation)));
  }

  #question(): EstimateQuestion | null {
    const { store, newModel } = this.#chat;
    if (this.isEmpty || this.draft.text.length > limits.maxMessageChars) return null;
    const text = this.draft.text.trim();
    if (store !== null) return store.conversation === null ? null : { conversationId: store.id, text };
    return newModel === null ? { text } : { text, model: newModel };
  }

  /** Caps, plans and balances may have changed in another tab. */
  lookAgain(): void {
    if (this.barrier === null) return;
    this.#looks++;
    void limits.load();
    void models.load();
    if (credits.balance !== null) void credits.load();
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
    // What came in meanwhile, such as from another tab, was not sent.
    if (sent && !made && this.draft.text.trim() === text) this.draft.clear();
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
    if (store === null) {
      this.#chat.newModel = id;
      return;
    }
    this.#choosing = id;
    try {
      await store.actions.change({ model: id });
    } finally {
      // Unless another one was chosen since.
      if (this.#choosing === id) this.#choosing = null;
    }
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
