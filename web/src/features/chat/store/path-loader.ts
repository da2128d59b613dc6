import { ApiError, type HttpClient } from '@parley/sdk/client';
import { fromPage, pageSize, withAfter, withBefore, withFreshEnd, type PathWindow } from './path-window.ts';

const largestPage = 100;

/** Reads parts of a conversation's active path. */
export class PathLoader {
  readonly #id: string;
  readonly #http: HttpClient;

  constructor(conversationId: string, http: HttpClient) {
    this.#id = conversationId;
    this.#http = http;
  }

  async end(): Promise<PathWindow> {
    return fromPage(await this.#page({ limit: pageSize }));
  }

  async before(path: PathWindow): Promise<PathWindow> {
    const first = path.items[0];
    if (!path.hasBefore || first === undefined) return path;
    return withBefore(path, await this.#page({ before: first.id, limit: pageSize }));
  }

  async after(path: PathWindow): Promise<PathWindow> {
    const last = path.items.at(-1);
    if (!path.hasAfter || last === undefined) return path;
    return withAfter(path, await this.#page({ after: last.id, limit: pageSize }));
  }

  /** The part with this message; when it lies on another branch, that branch is shown from now on. */
  async holding(messageId: string): Promise<PathWindow> {
    try {
      return fromPage(await this.#page({ around: messageId, limit: pageSize }));
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.status !== 404) throw error;
      await this.#http('PUT /api/conversations/:id/active-message', { params: { id: this.#id }, body: { messageId } });
      return fromPage(await this.#page({ around: messageId, limit: pageSize }));
    }
  }

  /** What is on the page, read again. */
  async again(path: PathWindow): Promise<PathWindow> {
    const middle = path.items[Math.floor(path.items.length / 2)];
    if (path.hasAfter && middle !== undefined) return this.holding(middle.id);
    const limit = Math.min(largestPage, Math.max(pageSize, path.items.length));
    return withFreshEnd(path, await this.#page({ limit }));
  }

  #page(query: { before?: string; after?: string; around?: string; limit: number }) {
    return this.#http('GET /api/conversations/:id/messages', { params: { id: this.#id }, query });
  }
}
