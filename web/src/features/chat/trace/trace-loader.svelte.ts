import { ApiError, type HttpClient } from '@parley/sdk/client';
import type { Trace } from '@parley/sdk/contract';

export type TracePhase = 'loading' | 'ready' | 'none' | 'failed';

/** The trace of one reply; the last asked for wins. */
export class TraceLoader {
  #phase = $state<TracePhase>('loading');
  #trace = $state.raw<Trace | null>(null);
  #problem = $state.raw<unknown>(null);
  #asked = 0;
  readonly #http: HttpClient;

  constructor(http: HttpClient) {
    this.#http = http;
  }

  get phase(): TracePhase {
    return this.#phase;
  }
  get trace(): Trace | null {
    return this.#trace;
  }
  get problem(): unknown {
    return this.#problem;
  }

  async load(messageId: string): Promise<void> {
    const asked = ++this.#asked;
    this.#phase = 'loading';
    try {
      const trace = await this.#http('GET /api/messages/:id/trace', { params: { id: messageId } });
      if (asked !== this.#asked) return;
      this.#trace = trace;
      this.#phase = 'ready';
    } catch (error) {
      if (asked !== this.#asked) return;
      this.#problem = error;
      this.#phase = error instanceof ApiError && error.problem.status === 404 ? 'none' : 'failed';
    }
  }
}
