import type { TextFrame } from '../../plugin/guest-globals.ts';

/** What does not stand for itself in a JSON string: its quote, the backslash and control characters. */
const special = /[^ !#-[\]-\uffff]/;
const mostFrameChars = 16_384;
/** An unfinished piece that is larger is left to whoever splits the rest. */
const mostKeptBytes = 65_536;
const lineFeed = 10;
const carriageReturn = 13;
const nothing: Buffer = Buffer.alloc(0);

/** A frame as a plugin gives it; undefined: it is none. */
export function readFrame(pair: unknown): TextFrame | undefined {
  if (!Array.isArray(pair)) return undefined;
  const [before, after] = pair as unknown[];
  if (typeof before !== 'string' || typeof after !== 'string') return undefined;
  if (before.length > mostFrameChars || after.length > mostFrameChars) return undefined;
  return /[\r\n]/.test(before + after) ? undefined : { before, after };
}

/**
 * Takes framed pieces off a body, as bytes: a piece costs two comparisons and the decoding of its text, where splitting, decoding
 * and reading it costs several times as much. Whatever is not exactly such a piece is handed back, from its first byte on.
 */
export class TextPass {
  readonly #prefix: Buffer;
  readonly #suffix: Buffer;
  /** What stands between the texts of two pieces. */
  readonly #between: string;
  readonly #endsInBlankLine: boolean;
  #kept: Buffer = nothing;
  #texts: string[] = [];
  #pieces = 0;

  constructor(mode: 'events' | 'lines', { before, after }: TextFrame) {
    const prefix = mode === 'events' ? `data: ${before}` : before;
    const suffix = mode === 'events' ? `${after}\n\n` : `${after}\n`;
    this.#prefix = Buffer.from(prefix);
    this.#suffix = Buffer.from(suffix);
    this.#between = suffix + prefix;
    this.#endsInBlankLine = mode === 'events';
  }

  /** How many have been taken off and not yet been asked for. */
  get pieces(): number {
    return this.#pieces;
  }
  /** Their text. */
  take(): string {
    const texts = this.#texts;
    this.#texts = [];
    this.#pieces = 0;
    return texts.length === 1 ? texts[0]! : texts.join('');
  }

  /** To be called between two pieces. Answers with what is not framed; an unfinished piece at the end is kept. */
  push(chunk: Buffer): Buffer {
    const bytes = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    this.#kept = nothing;
    if (this.#passAll(bytes)) return nothing;
    let at = 0;
    while (at < bytes.length) {
      const end = this.#passOne(bytes, at);
      if (end === undefined) break;
      at = end;
    }
    const rest = at === 0 ? bytes : bytes.subarray(at);
    if (!this.#isUnfinished(rest)) return rest;
    this.#kept = rest;
    return nothing;
  }

  /** The unfinished piece: nothing more comes, or nothing more is to pass. */
  end(): Buffer {
    const kept = this.#kept;
    this.#kept = nothing;
    return kept;
  }

  /** Nearly every chunk is one piece, or whole ones in a row, with nothing in their texts that needs a closer look. */
  #passAll(bytes: Buffer): boolean {
    const to = bytes.length - this.#suffix.length;
    if (!isAt(bytes, this.#prefix, 0) || to < this.#prefix.length || !isAt(bytes, this.#suffix, to)) return false;
    return this.#passJoined(bytes.toString('utf8', this.#prefix.length, to));
  }
  #passJoined(texts: string): boolean {
    const between = this.#between;
    let text = '';
    let pieces = 1;
    let from = 0;
    for (let at = texts.indexOf(between[0]!); at >= 0; at = texts.indexOf(between[0]!, from)) {
      // Cut out and compared: the engine does that in a third of the time in which it searches for something as long.
      if (texts.slice(at, at + between.length) !== between) return false;
      text += texts.slice(from, at);
      from = at + between.length;
      pieces += 1;
    }
    text += from === 0 ? texts : texts.slice(from);
    if (special.test(text)) return false;
    this.#texts.push(text);
    this.#pieces += pieces;
    return true;
  }
  #passOne(bytes: Buffer, at: number): number | undefined {
    if (!isAt(bytes, this.#prefix, at)) return undefined;
    const from = at + this.#prefix.length;
    const to = bytes.indexOf(this.#suffix, from);
    const text = to < 0 ? undefined : textInside(bytes.toString('utf8', from, to));
    if (text === undefined) return undefined;
    this.#texts.push(text);
    this.#pieces += 1;
    return to + this.#suffix.length;
  }

  #isUnfinished(rest: Buffer): boolean {
    if (rest.length === 0 || rest.length > mostKeptBytes || rest.includes(carriageReturn)) return false;
    const lineEnd = rest.indexOf(lineFeed);
    return lineEnd < 0 || (this.#endsInBlankLine && lineEnd === rest.length - 1);
  }
}

function isAt(bytes: Buffer, wanted: Buffer, at: number): boolean {
  const end = at + wanted.length;
  return end <= bytes.length && bytes.compare(wanted, 0, wanted.length, at, end) === 0;
}

/** The text whose JSON this is, without its quotes. A quote or a control character that is not escaped ends it too early. */
function textInside(json: string): string | undefined {
  if (!special.test(json)) return json;
  try {
    return JSON.parse(`"${json}"`) as string;
  } catch (fault) {
    if (fault instanceof SyntaxError) return undefined;
    throw fault;
  }
}
