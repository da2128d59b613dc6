import type { ServerSentEvent } from '../../plugin/guest-globals.ts';
import { asBuffer, defaultMostBytes, SplitterOverflow } from './splitting.ts';

const lineFeed = 10;
const carriageReturn = 13;

/**
 * Cuts a body into server-sent events, by the standard but for one thing: an event that the end of the stream leaves unfinished is
 * delivered, because servers of models forget the last blank line. Line ends are ASCII, and no byte of a longer UTF-8 character is:
 * so lines are found in bytes, and text is decoded one whole line at a time.
 */
export class SseSplitter {
  readonly #mostBytes: number;
  /** Pieces of the line that is not finished yet. */
  #kept: Buffer[] = [];
  #keptBytes = 0;
  /** Bytes of the event's finished lines. */
  #eventBytes = 0;
  #skipLineFeed = false;
  #isFirstLine = true;

  #data: string | undefined;
  #event = '';
  #id = '';
  #retryMs: number | undefined;

  constructor(options: { mostBytes?: number } = {}) {
    this.#mostBytes = options.mostBytes ?? defaultMostBytes;
  }

  /** The reconnection time the stream asked for last. */
  get retryMs(): number | undefined {
    return this.#retryMs;
  }

  /** The next byte begins an event, and neither a name nor an id is handed down to it. */
  get isBetweenPlainEvents(): boolean {
    const isBetween = this.#keptBytes === 0 && this.#eventBytes === 0 && !this.#skipLineFeed && !this.#isFirstLine;
    return isBetween && this.#event === '' && this.#id === '';
  }

  push(bytes: Uint8Array): ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    if (bytes.byteLength === 0) return events;
    const chunk = asBuffer(bytes);
    let from = this.#takePlain(chunk, events);
    if (from === chunk.length) return events;
    if (this.#skipLineFeed) {
      this.#skipLineFeed = false;
      if (chunk[0] === lineFeed) from = 1;
    }
    let nextReturn = chunk.indexOf(carriageReturn, from);
    let nextFeed = chunk.indexOf(lineFeed, from);
    while (nextReturn >= 0 || nextFeed >= 0) {
      const isReturn = nextReturn >= 0 && (nextFeed < 0 || nextReturn < nextFeed);
      const at = isReturn ? nextReturn : nextFeed;
      this.#endLine(chunk, from, at, events);
      from = at + 1;
      if (isReturn) {
        if (from === chunk.length) this.#skipLineFeed = true;
        else if (chunk[from] === lineFeed) from += 1;
        nextReturn = chunk.indexOf(carriageReturn, from);
      }
      if (nextFeed >= 0 && nextFeed < from) {
        // Most chunks are one event: its blank line and the chunk's end are seen without another search.
        if (chunk[from] === lineFeed) nextFeed = from;
        else nextFeed = from === chunk.length ? -1 : chunk.indexOf(lineFeed, from);
      }
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from));
    return events;
  }

  end(): ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    if (this.#keptBytes > 0) this.#endLine(Buffer.alloc(0), 0, 0, events);
    this.#dispatch(events);
    return events;
  }

  /**
   * What models send, nearly always: whole events of one `data` line each. Taken in one go; anything else is left to the rules of the
   * standard. Answers how many bytes are done.
   */
  #takePlain(chunk: Buffer, events: ServerSentEvent[]): number {
    if (!this.isBetweenPlainEvents || chunk.length > this.#mostBytes) return 0;
    const end = chunk.lastIndexOf('\n\n');
    if (end < 0) return 0;
    const text = chunk.toString('utf8', 0, end);
    if (!text.startsWith('data: ') || text.includes('\r')) return 0;
    const datas = text.slice(6).split('\n\ndata: ');
    if (datas.some((data) => data.includes('\n'))) return 0;
    for (const data of datas) events.push({ event: '', data, id: '' });
    return end + 2;
  }

  #keep(rest: Buffer): void {
    this.#keptBytes += rest.length;
    if (this.#keptBytes + this.#eventBytes > this.#mostBytes) throw new SplitterOverflow('event', this.#mostBytes);
    this.#kept.push(rest);
  }

  #endLine(chunk: Buffer, from: number, to: number, events: ServerSentEvent[]): void {
    let line = chunk;
    let start = from;
    let end = to;
    if (this.#keptBytes > 0) {
      this.#keep(chunk.subarray(from, to));
      line = Buffer.concat(this.#kept, this.#keptBytes);
      start = 0;
      end = line.length;
      this.#kept = [];
      this.#keptBytes = 0;
    }
    if (this.#isFirstLine) {
      this.#isFirstLine = false;
      if (end - start >= 3 && line[start] === 0xef && line[start + 1] === 0xbb && line[start + 2] === 0xbf) start += 3;
    }
    if (start === end) {
      this.#dispatch(events);
      return;
    }
    this.#eventBytes += end - start;
    if (this.#eventBytes > this.#mostBytes) throw new SplitterOverflow('event', this.#mostBytes);
    this.#field(line.toString('utf8', start, end));
  }

  #field(line: string): void {
    // Nearly every line of every model's stream.
    if (line.startsWith('data: ')) {
      const value = line.slice(6);
      this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) {
      // A comment alone must not add up to a too large event over hours of keep-alive.
      if (this.#data === undefined) this.#eventBytes = 0;
      return;
    }
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'data') this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    else if (name === 'event') this.#event = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) this.#retryMs = Number(value);
  }

  #dispatch(events: ServerSentEvent[]): void {
    if (this.#data !== undefined) events.push({ event: this.#event, data: this.#data, id: this.#id });
    this.#data = undefined;
    this.#event = '';
    this.#eventBytes = 0;
  }
}
