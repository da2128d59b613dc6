import { renderBlock, type Block } from './blocks.ts';
import { lexBlocks, type Links } from './marked-setup.ts';
import { openFence } from './open-fence.ts';

const noLinks: Links = {};

/**
 * Turns a growing text into blocks. A block is sealed when a later one has begun on a complete line; sealed blocks are rendered once.
 * Only what follows them is read again, since reading a whole long reply on every frame costs more than the frame has.
 */
export class StreamingMarkdown {
  #text = '';
  #sealed: Block[] = [];
  /** Where the tail begins. */
  #sealedTo = 0;
  #checkedTo = 0;
  readonly #complete: (text: string) => string;

  /** `complete` closes unclosed syntax at the end of a growing text. */
  constructor(complete: (text: string) => string = (text) => text) {
    this.#complete = complete;
  }

  get sealed(): readonly Block[] {
    return this.#sealed;
  }

  /** Takes the whole text so far. A text that does not continue the last one (a snapshot) starts afresh. */
  push(text: string): void {
    const normal = text.includes('\r') ? text.replace(/\r(?:\n|$)|\r/g, '\n') : text;
    if (!normal.startsWith(this.#text)) this.#reset();
    this.#text = normal;
    this.#seal();
  }

  /** What follows the sealed blocks, with unclosed syntax completed for the eye. */
  tail(): Block[] {
    const tail = this.#text.slice(this.#sealedTo);
    if (tail.trim() === '') return [];
    const fence = openFence(tail);
    if (fence !== null) return [{ kind: 'code', key: this.#sealedTo, raw: tail, closed: false, ...fence }];
    return split(this.#complete(tail), this.#sealedTo).blocks;
  }

  /** The same blocks for a text, however it was cut on its way. Sealed ones are handed out again when they are still true. */
  finish(): readonly Block[] {
    const whole = split(this.#text, 0, this.#sealed);
    this.#sealed = whole.blocks;
    this.#sealedTo = this.#text.length;
    return this.#sealed;
  }

  /** A line that is not complete may yet turn out to belong to the block before it, so it decides nothing. */
  #seal(): void {
    const lineEnd = this.#text.lastIndexOf('\n') + 1;
    if (lineEnd <= this.#checkedTo) return;
    this.#checkedTo = lineEnd;
    const source = this.#text.slice(this.#sealedTo, lineEnd);
    if (openFence(source) !== null) return;
    const { tokens } = lexBlocks(source);
    const last = tokens.findLastIndex((token) => token.type !== 'space');
    for (const token of tokens.slice(0, Math.max(last, 0))) {
      const block = token.type === 'space' ? null : renderBlock(token.raw, this.#sealedTo, noLinks);
      if (block !== null) this.#sealed = [...this.#sealed, block];
      this.#sealedTo += token.raw.length;
    }
  }

  #reset(): void {
    this.#text = '';
    this.#sealed = [];
    this.#sealedTo = 0;
    this.#checkedTo = 0;
  }
}

export function renderMarkdown(text: string): readonly Block[] {
  const markdown = new StreamingMarkdown();
  markdown.push(text);
  return markdown.finish();
}

function split(text: string, offset: number, known: readonly Block[] = []): { blocks: Block[] } {
  const { tokens, links } = lexBlocks(text);
  // A link definition anywhere may change any block, so nothing rendered without it can be kept.
  const kept =
    Object.keys(links).length === 0 ? new Map(known.map((block) => [block.key, block])) : new Map<number, Block>();
  const blocks: Block[] = [];
  let key = offset;
  for (const token of tokens) {
    const before = kept.get(key);
    const block = before?.raw === token.raw ? before : renderBlock(token.raw, key, links);
    if (block !== null && token.type !== 'space') blocks.push(block);
    key += token.raw.length;
  }
  return { blocks };
}
