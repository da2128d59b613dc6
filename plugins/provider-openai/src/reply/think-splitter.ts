import type { Spoken } from './content.ts';

const opening = '<think>';
const closing = '</think>';

/**
 * Takes `<think>…</think>` out of a text that comes in pieces; tags may be cut anywhere. Keeps back no more than what may
 * still become a tag.
 */
export class ThinkSplitter {
  readonly #where: 'start' | 'anywhere';
  /** `before`: nothing but blanks has come. `plain`: no tag can come any more. */
  #state: 'before' | 'text' | 'thinking' | 'plain' = 'before';
  #kept = '';
  /** Blank lines around the tags belong to neither side. */
  #trims = false;

  constructor(where: 'start' | 'anywhere') {
    this.#where = where;
  }

  /** No tag can come any more, and nothing is kept back: what follows is text. */
  get isThrough(): boolean {
    return this.#state === 'plain' && this.#kept === '' && !this.#trims;
  }

  push(piece: string): Spoken[] {
    this.#kept += piece;
    const spoken: Spoken[] = [];
    while (this.#step(spoken));
    return spoken;
  }

  end(): Spoken[] {
    const rest = this.#kept;
    this.#kept = '';
    if (rest === '' || (this.#trims && rest.trim() === '')) return [];
    return [{ kind: this.#state === 'thinking' ? 'reasoning' : 'text', text: rest }];
  }

  /** True when there may be more to do with what is kept. */
  #step(spoken: Spoken[]): boolean {
    if (this.#trims) {
      this.#kept = this.#kept.trimStart();
      if (this.#kept === '') return false;
      this.#trims = false;
    }
    switch (this.#state) {
      case 'plain':
        this.#say(spoken, 'text', this.#kept.length);
        return false;
      case 'before':
        return this.#begin();
      case 'text':
        return this.#until(opening, 'text', spoken);
      default:
        return this.#until(closing, 'reasoning', spoken);
    }
  }

  #begin(): boolean {
    const text = this.#kept.trimStart();
    if (text.startsWith(opening)) {
      this.#kept = text.slice(opening.length);
      this.#enter('thinking');
      return true;
    }
    if (opening.startsWith(text)) return false;
    this.#state = this.#where === 'anywhere' ? 'text' : 'plain';
    return true;
  }

  #until(tag: string, kind: Spoken['kind'], spoken: Spoken[]): boolean {
    const at = this.#kept.indexOf(tag);
    if (at >= 0) {
      this.#say(spoken, kind, at);
      this.#kept = this.#kept.slice(tag.length);
      if (tag === opening) this.#enter('thinking');
      else this.#enter(this.#where === 'anywhere' ? 'text' : 'plain');
      return true;
    }
    this.#say(spoken, kind, this.#kept.length - beginningLength(this.#kept, tag));
    return false;
  }

  #enter(state: 'text' | 'thinking' | 'plain'): void {
    this.#state = state;
    this.#trims = true;
  }

  #say(spoken: Spoken[], kind: Spoken['kind'], length: number): void {
    if (length > 0) spoken.push({ kind, text: this.#kept.slice(0, length) });
    this.#kept = this.#kept.slice(length);
  }
}

/** Length of the longest end of the text that is a beginning of the tag. */
function beginningLength(text: string, tag: string): number {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(tag.slice(0, length))) return length;
  }
  return 0;
}
