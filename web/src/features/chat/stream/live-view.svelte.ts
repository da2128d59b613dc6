import type { TurnFailure, TurnState } from '@parley/sdk/contract';
import { onThisClock } from '../../../api/server-time.ts';
import type { Block } from '../markdown/blocks.ts';
import { completeUnclosed, loadMarkdown, markdown } from '../markdown/markdown-loader.ts';
import type { StreamingMarkdown } from '../markdown/streaming-markdown.ts';
import { frames, type FrameScheduler } from './frame-scheduler.ts';
import { isFinal, type LiveReply } from './turn-reducer.ts';

/** What the screen shows of a running reply. Text gathers in plain strings; the reactive fields move once per frame. */
export class LiveView {
  readonly turnId: string;
  readonly messageId: string;
  #since = $state.raw(Date.now());
  #blocks = $state.raw<readonly Block[]>([]);
  #tail = $state.raw<readonly Block[]>([]);
  #reasoning = $state.raw('');
  #state = $state.raw<TurnState>('queued');
  #failure = $state.raw<TurnFailure | null>(null);
  #flaggedBy = $state.raw<string | null>(null);

  #latest: LiveReply;
  #markdown: StreamingMarkdown | null = null;
  readonly #frames: FrameScheduler;
  readonly #commit = (): void => this.#show();

  constructor(reply: LiveReply, scheduler: FrameScheduler = frames) {
    this.turnId = reply.turnId;
    this.messageId = reply.messageId;
    this.#frames = scheduler;
    this.#latest = reply;
    this.#state = reply.state;
  }

  /** When it began, for the seconds shown while nothing is said yet. */
  get since(): number {
    return this.#since;
  }
  get blocks(): readonly Block[] {
    return this.#blocks;
  }
  /** Still growing; drawn after `blocks`. */
  get tail(): readonly Block[] {
    return this.#tail;
  }
  get reasoning(): string {
    return this.#reasoning;
  }
  get state(): TurnState {
    return this.#state;
  }
  get failure(): TurnFailure | null {
    return this.#failure;
  }
  get flaggedBy(): string | null {
    return this.#flaggedBy;
  }
  get hasText(): boolean {
    return this.#blocks.length > 0 || this.#tail.length > 0;
  }
  /** The whole text so far, for copying; not reactive. */
  get text(): string {
    return this.#latest.text;
  }
  get latest(): LiveReply {
    return this.#latest;
  }

  /** The server knows when; this page may have come later. */
  begunAt(at: string): void {
    this.#since = onThisClock(at);
  }

  take(reply: LiveReply): void {
    this.#latest = reply;
    this.#frames.mark(this.#commit);
  }

  /** Shows the last state at once: the message it becomes is about to take its place. */
  settle(): void {
    this.#frames.forget(this.#commit);
    this.#show();
  }

  #showText(): void {
    const loaded = markdown();
    if (loaded === null) return void loadMarkdown().then(() => this.#frames.mark(this.#commit));
    const { text, state } = this.#latest;
    this.#markdown ??= new loaded.StreamingMarkdown(completeUnclosed);
    this.#markdown.push(text);
    if (isFinal(state)) {
      this.#blocks = this.#markdown.finish();
      this.#tail = [];
      loaded.keepBlocks(this.messageId, text, this.#blocks);
    } else {
      this.#blocks = this.#markdown.sealed;
      this.#tail = this.#markdown.tail();
    }
  }

  #show(): void {
    const { reasoning, state, failure, flaggedBy } = this.#latest;
    this.#showText();
    this.#reasoning = reasoning;
    this.#state = state;
    this.#failure = failure;
    this.#flaggedBy = flaggedBy;
  }
}
