import { ApiError, type HttpClient } from '@parley/sdk/client';

const askAfterMs = 180;
/** More than anybody steps through; the count then says "or more". */
const maxHits = 100;

export interface FindPorts {
  readonly http: HttpClient;
  /** Brings the message into sight, wherever in the conversation it is. */
  show(messageId: string): void;
  found(count: number): void;
}

/** Search within one conversation, on the server, as most of its messages are not on the page. */
export class ChatFind {
  #words = $state('');
  #hits = $state.raw<readonly string[] | null>(null);
  #at = $state(0);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #conversationId: string;
  readonly #ports: FindPorts;

  constructor(conversationId: string, ports: FindPorts) {
    this.#conversationId = conversationId;
    this.#ports = ports;
  }

  get words(): string {
    return this.#words;
  }
  set words(words: string) {
    this.#words = words;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.ask(), askAfterMs);
  }
  /** Messages with the words, oldest first; null while nothing was found out. */
  get hits(): readonly string[] | null {
    return this.#hits;
  }
  /** 1-based place of the one in sight. */
  get place(): number {
    return this.#at + 1;
  }

  /** Begins at the latest hit, as one usually looks for what was said not long ago. An answer that was overtaken is dropped. */
  async ask(): Promise<void> {
    const asked = ++this.#asked;
    const q = this.#words.trim();
    const hits = q === '' ? null : await this.#search(q);
    if (asked !== this.#asked) return;
    this.#hits = hits;
    if (hits === null) return;
    this.#at = Math.max(0, hits.length - 1);
    this.#ports.found(hits.length);
    this.#show();
  }

  step(by: 1 | -1): void {
    const count = this.#hits?.length ?? 0;
    if (count === 0) return;
    this.#at = (this.#at + by + count) % count;
    this.#show();
  }

  async #search(q: string): Promise<string[] | null> {
    try {
      const query = { q, conversationId: this.#conversationId, limit: maxHits };
      const { items } = await this.#ports.http('GET /api/search', { query });
      return items
        .toSorted((a, b) => a.at.localeCompare(b.at))
        .flatMap(({ messageId }) => (messageId === null ? [] : [messageId]));
    } catch (error) {
      // The strip tells that the connection is away; typing on asks again.
      if (error instanceof ApiError) return null;
      throw error;
    }
  }

  #show(): void {
    const messageId = this.#hits?.[this.#at];
    if (messageId !== undefined) this.#ports.show(messageId);
  }
}
