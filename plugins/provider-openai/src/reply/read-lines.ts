import type { ServerSentEvent } from '@parley/sdk/plugin';

export type StreamEvent = Pick<ServerSentEvent, 'event' | 'data'>;

/**
 * For answers that don't say that they are a stream: events if the lines look like some, else one text. Knows of events
 * only what such servers send; a proper stream is split by the host.
 */
export class LineReader {
  #kind: 'unknown' | 'events' | 'text' = 'unknown';
  #text: string[] = [];
  #data: string[] = [];
  #event = '';

  push(line: string): StreamEvent | undefined {
    const clean = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (this.#kind === 'unknown' && clean.trim() !== '') {
      this.#kind = /^\uFEFF?(?:data|event|id|retry)?:/.test(clean) ? 'events' : 'text';
    }
    if (this.#kind !== 'events') {
      this.#text.push(clean);
      return undefined;
    }
    if (clean === '') return this.end();
    const match = /^\uFEFF?(data|event):\s?(.*)$/s.exec(clean);
    if (match?.[1] === 'data') this.#data.push(match[2] ?? '');
    if (match?.[1] === 'event') this.#event = match[2] ?? '';
    return undefined;
  }

  /** The event that no blank line has ended. */
  end(): StreamEvent | undefined {
    const event = { event: this.#event, data: this.#data.join('\n') };
    this.#data = [];
    this.#event = '';
    return event.data === '' ? undefined : event;
  }

  /** The whole text, when it was no stream. */
  get text(): string | undefined {
    return this.#kind === 'events' ? undefined : this.#text.join('\n');
  }
}
