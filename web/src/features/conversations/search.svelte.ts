import { ApiError, type HttpClient } from '@parley/sdk/client';
import type { SearchHit } from '@parley/sdk/contract';

const askAfterMs = 180;
const hitsPerPage = 30;

/** Full-text search over titles and messages. An answer that was overtaken is dropped. */
export class ConversationSearch {
  #words = $state('');
  #hits = $state.raw<readonly SearchHit[] | null>(null);
  #problem = $state.raw<unknown>(null);
  #cursor = $state<string | null>(null);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #http: HttpClient;
  readonly #found: (count: number) => void;

  constructor(http: HttpClient, found: (count: number) => void) {
    this.#http = http;
    this.#found = found;
  }

  get words(): string {
    return this.#words;
  }
  set words(words: string) {
    this.#words = words;
    clearTimeout(this.#timer);
    if (words.trim() === '') this.clear();
    else this.#timer = setTimeout(() => void this.ask(), askAfterMs);
  }
  /** Null while nothing was found out yet. */
  get hits(): readonly SearchHit[] | null {
    return this.#hits;
  }
  get problem(): unknown {
    return this.#problem;
  }
  get hasMore(): boolean {
    return this.#cursor !== null;
  }
  get isActive(): boolean {
    return this.#words.trim() !== '';
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#asked++;
    this.#words = '';
    this.#hits = null;
    this.#problem = null;
    this.#cursor = null;
  }

  async ask(more = false): Promise<void> {
    const asked = ++this.#asked;
    const cursor = more ? (this.#cursor ?? undefined) : undefined;
    try {
      const page = await this.#http('GET /api/search', {
        query: { q: this.#words.trim(), limit: hitsPerPage, cursor },
      });
      if (asked !== this.#asked) return;
      this.#hits = more ? [...(this.#hits ?? []), ...page.items] : page.items;
      this.#cursor = page.nextCursor;
      this.#problem = null;
      this.#found(this.#hits.length);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (asked === this.#asked) this.#problem = error;
    }
  }
}
