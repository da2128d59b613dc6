import type { TurnEvent, TurnFrame } from '@parley/sdk/contract';
import type { ContentPart } from '../providers/index.ts';
import type { FrameTicker } from './frame-ticker.ts';
import type { HappenedEvent, OutputPlace, ReplyOutput, TerminalEvent } from './reply-output.ts';

/**
 * Numbers what happens in a turn and joins small deltas into frames. The first delta after a pause goes at once, so a
 * slow model is shown without delay; only what comes faster than a screen can show is joined.
 */
export class TurnWriter implements ReplyOutput {
  readonly #head: Omit<TurnFrame, 'events'>;
  readonly #publish: (frame: TurnFrame) => void;
  readonly #ticker: FrameTicker;
  /** They get their numbers as they leave. */
  #pending: TurnEvent[] = [];
  #seq = 0;
  #textChars = 0;
  #reasoningChars = 0;
  #left: (() => void) | null = null;
  #flushedAt = Number.NEGATIVE_INFINITY;

  constructor(head: Omit<TurnFrame, 'events'>, publish: (frame: TurnFrame) => void, ticker: FrameTicker) {
    this.#head = head;
    this.#publish = publish;
    this.#ticker = ticker;
  }

  part(part: ContentPart): void {
    const last = this.#pending.at(-1);
    if (part.type === 'toolCall') this.#pending.push({ ...part, seq: 0 });
    else if (last?.type === part.type) last.text += part.text;
    else this.#pending.push({ seq: 0, type: part.type, text: part.text });

    if (performance.now() - this.#flushedAt >= this.#ticker.intervalMs) this.flush();
    else this.#ticker.add(this, this.#flushedAt);
  }

  event(event: HappenedEvent): void {
    this.#pending.push({ ...event, seq: 0 });
    this.flush();
  }

  end(event: TerminalEvent): void {
    this.event(event);
  }

  abandon(): void {
    this.#ticker.remove(this);
  }

  flush(): void {
    if (this.#pending.length === 0) return;
    this.#ticker.remove(this);
    const events = this.#pending;
    this.#pending = [];
    for (const event of events) {
      if (event.type === 'text') this.#textChars += event.text.length;
      else if (event.type === 'reasoning') this.#reasoningChars += event.text.length;
      event.seq = ++this.#seq;
    }
    // What is not content does not count: the first delta goes at once, however soon it comes after `started`.
    const hasContent = events.some(({ type }) => type !== 'started' && type !== 'flagged');
    if (hasContent) {
      this.#flushedAt = performance.now();
      this.#ticker.left(this.#flushedAt);
    }
    const { conversationId, turnId, messageId } = this.#head;
    this.#publish({ conversationId, turnId, messageId, events });
    if (this.#left === null || !hasContent) return;
    this.#left();
    this.#left = null;
  }

  onNextLeaving(left: () => void): void {
    this.#left = left;
  }

  place(): OutputPlace {
    return { seq: this.#seq, textChars: this.#textChars, reasoningChars: this.#reasoningChars };
  }

  lastSeq(): number {
    return this.#seq + 1;
  }
}
