import type { Attachment } from 'svelte/attachments';
import { highlightCode } from './highlight-client.ts';
import type { HighlightRange } from './highlight-ranges.ts';
import { paintCode } from './paint-code.ts';

/** Longer blocks start folded, so that they don't bury the words around them. */
export const foldedLines = 24;

export interface CodeBlockInput {
  readonly language: string;
  readonly code: string;
  readonly closed: boolean;
}

/** One piece of code: its colours, its wrapping, and how much of it shows. */
export class CodeBlockState {
  readonly #input: () => CodeBlockInput;
  wrap = $state(false);
  /** Null: nobody chose, so its length decides. */
  #unfolded = $state<boolean | null>(null);
  readonly lines = $derived.by(() => this.#input().code.split('\n').length);
  readonly isLong = $derived.by(() => this.lines > foldedLines);
  /** While it is being written its end must stay in sight. */
  readonly folded = $derived.by(() => this.isLong && this.#input().closed && this.#unfolded !== true);

  constructor(input: () => CodeBlockInput) {
    this.#input = input;
  }

  toggleFold(): void {
    this.#unfolded = this.folded;
  }

  /** Text first, colours when they are ready; only a finished block is coloured. */
  readonly paint: Attachment<HTMLElement> = (element) => {
    const { code, closed, language } = this.#input();
    let current = true;
    paintCode(element, code, []);
    if (closed) {
      void highlightCode(language, code).then((ranges: readonly HighlightRange[]) => {
        if (current && ranges.length > 0) paintCode(element, code, ranges);
      });
    }
    return () => {
      current = false;
    };
  };
}
