import type { ServerResponse } from 'node:http';

/** Proxies and clients give up on a stream that says nothing; a comment costs them nothing. */
const quietMs = 15_000;
const tickMs = 5_000;

/** Keeps silent streams alive; one timer for all of them. */
export class Heartbeat {
  readonly #lastWrites = new Map<ServerResponse, number>();
  #timer: NodeJS.Timeout | undefined;

  watch(response: ServerResponse): void {
    this.#lastWrites.set(response, Date.now());
    response.once('close', () => this.#lastWrites.delete(response));
    this.#timer ??= setInterval(() => this.#tick(), tickMs).unref();
  }

  wrote(response: ServerResponse): void {
    this.#lastWrites.set(response, Date.now());
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const now = Date.now();
    for (const [response, last] of this.#lastWrites) {
      if (now - last < quietMs || response.writableEnded) continue;
      response.write(': keep-alive\n\n');
      this.#lastWrites.set(response, now);
    }
  }
}
