import type { ServerResponse } from 'node:http';
import { whenGone } from './when-gone.ts';

/** Proxies and clients give up on a stream that says nothing; a comment costs them nothing. */
const quietMs = 15_000;
const tickMs = 5_000;

/** A stream that is kept alive. */
export interface Watched {
  readonly response: ServerResponse;
  /** By the clock of `Date`; whoever writes to the response says so here. */
  lastWrite: number;
}

/** Keeps silent streams alive; one timer for all of them. */
export class Heartbeat {
  readonly #streams = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;

  watch(response: ServerResponse): Watched {
    const stream = { response, lastWrite: Date.now() };
    this.#streams.add(stream);
    whenGone(response, () => this.#streams.delete(stream));
    this.#timer ??= setInterval(() => this.#tick(), tickMs).unref();
    return stream;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const now = Date.now();
    for (const stream of this.#streams) {
      if (now - stream.lastWrite < quietMs || stream.response.writableEnded) continue;
      stream.response.write(': keep-alive\n\n');
      stream.lastWrite = now;
    }
  }
}
