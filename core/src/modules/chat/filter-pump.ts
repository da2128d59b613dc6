import type { FilterChain, FilteredText } from '../moderation/index.ts';
import type { FilterHandle } from '@parley/sdk/sandbox';
import type { HookStep } from '../plugins/index.ts';
import type { ContentPart, StreamedPart } from '../providers/index.ts';
import type { Mark } from './reply.ts';

export interface FilterPumpOptions {
  /** For the text; null: it goes through as it is. */
  textChain: FilterChain | null;
  /** For the reasoning, opened when there is some; null when no filter is on. */
  openReasoningChain: (() => Promise<FilterChain | null>) | null;
  deliver(part: ContentPart): void;
  onFlag(mark: Mark): void;
  /** The reply ends here. */
  onBlock(mark: Mark): void;
  /** A filter that must not be passed over failed. */
  onError(error: unknown): void;
}

/**
 * Sends parts through the stream filters, in order. While a filter works on a piece, what comes meanwhile is joined to
 * the next one, so a slow filter sees larger pieces instead of a longer queue.
 */
export class FilterPump {
  readonly #options: FilterPumpOptions;
  #reasoningChain: FilterChain | null = null;
  #queue: StreamedPart[] = [];
  #isRunning = false;
  /** Of the run that is going on, or of the last one. */
  #run: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(options: FilterPumpOptions) {
    this.#options = options;
  }

  /** Where texts may be filtered on their way to `push`. */
  feeds(): FilterHandle | undefined {
    return this.#options.textChain?.feeds();
  }

  push(parts: readonly StreamedPart[]): void {
    if (this.#isOver) return;
    if (this.#options.textChain === null) {
      for (const part of parts) this.#options.deliver(part);
      return;
    }
    for (const part of parts) this.#enqueue(part);
    if (!this.#isRunning) this.#drain();
  }

  /** Resolves when everything that was pushed is delivered, what the filters kept back included. */
  async end(): Promise<void> {
    while (this.#isRunning) await this.#run;
    const { textChain } = this.#options;
    if (textChain === null || this.#isOver) return;
    try {
      if (this.#reasoningChain !== null) this.#take('reasoning', await this.#reasoningChain.end());
      if (!this.#isOver) this.#take('text', await textChain.end());
    } catch (error) {
      this.#fail(error);
    }
  }

  close(): void {
    this.#isOver = true;
    this.#options.textChain?.close();
    this.#reasoningChain?.close();
  }

  steps(): HookStep[] {
    return this.#options.textChain?.steps() ?? [];
  }

  #enqueue(part: StreamedPart): void {
    const last = this.#queue.at(-1);
    // What a filter has been fed already is answered piece by piece.
    const isFed = part.filtered !== undefined || last?.filtered !== undefined;
    if (part.type !== 'toolCall' && last?.type === part.type && !isFed) {
      this.#queue[this.#queue.length - 1] = { type: part.type, text: last.text + part.text };
    } else this.#queue.push(part);
  }

  /** Goes on by itself until the queue is empty; waits only where a filter must be asked. */
  #drain(): void {
    this.#isRunning = true;
    try {
      for (let part = this.#queue.shift(); part !== undefined && !this.#isOver; part = this.#queue.shift()) {
        const waiting = this.#pass(part);
        if (waiting === undefined) continue;
        this.#run = waiting.then(
          () => this.#drain(),
          (error: unknown) => {
            this.#fail(error);
            this.#isRunning = false;
          },
        );
        return;
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#isRunning = false;
  }

  /** A promise only when there is something to wait for. */
  #pass(part: StreamedPart): Promise<void> | undefined {
    if (part.type === 'reasoning') return this.#passReasoning(part.text);
    if (part.type === 'toolCall') this.#options.deliver(part);
    else {
      const filtered = this.#options.textChain?.push(part.text, part.filtered);
      if (filtered instanceof Promise) return filtered.then((text) => this.#take('text', text));
      if (filtered !== undefined) this.#take('text', filtered);
    }
    return undefined;
  }

  async #passReasoning(text: string): Promise<void> {
    const chain = this.#reasoningChain ?? (await this.#openForReasoning());
    if (chain === null) this.#options.deliver({ type: 'reasoning', text });
    else this.#take('reasoning', await chain.push(text));
  }

  async #openForReasoning(): Promise<FilterChain | null> {
    this.#reasoningChain = (await this.#options.openReasoningChain?.()) ?? null;
    return this.#reasoningChain;
  }

  #take(type: 'text' | 'reasoning', filtered: FilteredText): void {
    if (this.#isOver) return;
    this.#options.deliver({ type, text: filtered.text });
    if (filtered.flaggedBy !== null) this.#options.onFlag(filtered.flaggedBy);
    if (filtered.blockedBy === null) return;
    this.#isOver = true;
    this.#options.onBlock(filtered.blockedBy);
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.onError(error);
  }
}
