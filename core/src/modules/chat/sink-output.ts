import type { ContentPart } from '../providers/index.ts';
import type { OutputPlace, ReplyOutput, TerminalEvent } from './reply-output.ts';

/** Hands an API client's reply on as it comes: nothing is joined, numbered or logged, because nobody else can watch. */
export class SinkOutput implements ReplyOutput {
  readonly #onPart: (part: ContentPart) => void;
  readonly #onEnd: (event: TerminalEvent) => void;
  #left: (() => void) | null = null;
  #textChars = 0;
  #reasoningChars = 0;
  #parts = 0;

  constructor(onPart: (part: ContentPart) => void, onEnd: (event: TerminalEvent) => void) {
    this.#onPart = onPart;
    this.#onEnd = onEnd;
  }

  part(part: ContentPart): void {
    this.#parts++;
    if (part.type === 'text') this.#textChars += part.text.length;
    else if (part.type === 'reasoning') this.#reasoningChars += part.text.length;
    this.#onPart(part);
    if (this.#left === null) return;
    this.#left();
    this.#left = null;
  }

  /** OpenAI's protocol has no word for these. */
  event(): void {}

  flush(): void {}

  onNextLeaving(left: () => void): void {
    this.#left = left;
  }

  /** Parts are counted so that checkpoints have an order. */
  place(): OutputPlace {
    return { seq: this.#parts, textChars: this.#textChars, reasoningChars: this.#reasoningChars };
  }

  lastSeq(): number {
    return this.#parts + 1;
  }

  end(event: TerminalEvent): void {
    this.#onEnd(event);
  }

  /** The client still waits for an end. */
  abandon(): void {
    this.#onEnd({ type: 'interrupted' });
  }
}
