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
    return this.#onPath(
      async () => withAfter(path, await this.#page({ after: last.id, limit: pageSize })),
      () => this.end(),
    );
  }

  /** The part with this message; when it lies on another branch, that branch is shown from now on. */
  holding(messageId: string): Promise<PathWindow> {
    const read = async () => fromPage(await this.#page({ around: messageId, limit: pageSize }));
    return this.#onPath(read, async () => {
      await this.#http('PUT /api/conversations/:id/active-message', { params: { id: this.#id }, body: { messageId } });
      return read();
    });
  }

  /** What is on the page, read again; what is shown elsewhere stays as it is, so another branch is read at its end. */
  async again(path: PathWindow): Promise<PathWindow> {
    const middle = path.items[Math.floor(path.items.length / 2)];
    if (path.hasAfter && middle !== undefined) {
      return this.#onPath(
        async () => fromPage(await this.#page({ around: middle.id, limit: pageSize })),
        () => this.end(),
      );
    }
    const limit = Math.min(largestPage, Math.max(pageSize, path.items.length));
    return withFreshEnd(path, await this.#page({ limit }));
  }

  /** Another tab may have switched to another branch meanwhile. */
  async #onPath(read: () => Promise<PathWindow>, elsewhere: () => Promise<PathWindow>): Promise<PathWindow> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof ApiError && error.code === 'message.other-branch') return elsewhere();
      throw error;
    }
  }

  #page(query: { before?: string; after?: string; around?: string; limit: number }) {
    return this.#http('GET /api/conversations/:id/messages', { params: { id: this.#id }, query });
  }
}
