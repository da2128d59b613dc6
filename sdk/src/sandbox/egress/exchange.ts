import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';

import { EgressFailed, EgressRefused, failureOf, refusedAddress } from './egress-errors.ts';
import type { EgressExchange, EgressHandler, EgressRequest } from './egress-types.ts';
import { isGranted } from './grant-rules.ts';
import { firstHop } from './first-hop.ts';
import { type PinnedAgents, type PinnedRequestOptions, pin, pinnedLookup } from './pinned-agent.ts';
import { type Hop, followRedirect, isRedirect } from './redirects.ts';
import type { Resolver } from './resolver.ts';
import { ResponseReader } from './response-reader.ts';
import { injectSecrets } from './secret-injection.ts';
import { SecretMask } from './secret-mask.ts';
import { chunkTapOf } from './shared-reads.ts';
import { hrefOf, originOf } from './url-rules.ts';

export interface ExchangeDeps {
  resolve: Resolver;
  agents: PinnedAgents;
}

/** A kept-alive socket may die just as it is taken; asking again is safe as long as nothing has come back. */
const staleSocketRetries = 2;
const staleErrno = new Set(['ECONNRESET', 'EPIPE']);

/**
 * One request with its redirects. Built on Node's own HTTP client: its parser is native, so it costs what a bare relay costs, and it
 * still works in a process without WebAssembly (`--jitless`), where undici can't parse a response.
 */
export class Exchange implements EgressExchange {
  readonly #request: EgressRequest;
  readonly #handler: EgressHandler;
  readonly #deps: ExchangeDeps;
  readonly #onAbort = (): void => this.cancel();
  #isOver = false;
  #isPaused = false;
  #clock: NodeJS.Timeout | undefined;
  #clientRequest: ClientRequest | undefined;
  #reader: ResponseReader | undefined;
  #redirectsLeft: number;

  constructor(request: EgressRequest, handler: EgressHandler, deps: ExchangeDeps) {
    this.#request = request;
    this.#handler = handler;
    this.#deps = deps;
    this.#redirectsLeft = request.maxRedirects ?? 5;
    request.signal?.addEventListener('abort', this.#onAbort, { once: true });
    queueMicrotask(() => {
      if (request.signal?.aborted) this.cancel();
      else this.#begin();
    });
  }

  pause(): void {
    this.#isPaused = true;
    this.#reader?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#reader?.resume();
  }

  cancel(): void {
    this.#fail(new EgressFailed('aborted'));
  }

  #begin(): void {
    if (this.#isOver) return;
    try {
      void this.#travel(firstHop(this.#request));
    } catch (error) {
      this.#fail(error);
    }
  }

  async #travel(hop: Hop): Promise<void> {
    try {
      const { grants, secrets, allowPrivate, limits } = this.#request;
      if (!isGranted(grants, hop.target, hop.method)) throw refusedAddress();
      const { headers, path, used } = injectSecrets(hop.target, hop.headers, secrets, hop.isFirst);
      this.#startClock(limits.connectMs, 'connect-timeout');
      const pinned = await pin(hop.target, allowPrivate, this.#deps.resolve);
      if (this.#isOver) return;
      const isSecure = hop.target.scheme === 'https';
      headers.unshift(['host', originOf(hop.target).slice(isSecure ? 8 : 7)]);
      const options: PinnedRequestOptions = {
        agent: isSecure ? this.#deps.agents.https : this.#deps.agents.http,
        host: hop.target.host,
        port: hop.target.port,
        method: hop.method,
        path,
        headers: headers.flat(),
        maxHeaderSize: 65_536,
        lookup: pinnedLookup(pinned),
        autoSelectFamily: pinned.addresses.length > 1,
        servername: isSecure && hop.target.ipVersion === 0 ? hop.target.host : '',
        pinKey: pinned.key,
      };
      this.#send(hop, options, new SecretMask(used), staleSocketRetries);
    } catch (error) {
      this.#fail(error);
    }
  }

  #send(hop: Hop, options: PinnedRequestOptions, mask: SecretMask, retriesLeft: number): void {
    const isSecure = hop.target.scheme === 'https';
    const clientRequest = (isSecure ? https : http).request(options);
    this.#clientRequest = clientRequest;
    const isCurrent = (): boolean => !this.#isOver && this.#clientRequest === clientRequest;

    clientRequest.on('socket', (socket) => {
      chunkTapOf(socket)?.expectHead();
      const connected = (): void => {
        if (isCurrent()) this.#startClock(this.#request.limits.firstByteMs, 'first-byte-timeout');
      };
      if (clientRequest.reusedSocket) connected();
      else socket.once(isSecure ? 'secureConnect' : 'connect', connected);
    });
    clientRequest.on('error', (error: NodeJS.ErrnoException) => {
      if (!isCurrent()) return;
      const isStale = clientRequest.reusedSocket && !this.#reader && staleErrno.has(error.code ?? '');
      if (isStale && retriesLeft > 0) this.#send(hop, options, mask, retriesLeft - 1);
      else this.#fail(error);
    });
    clientRequest.on('response', (response) => {
      if (isCurrent()) this.#receive(hop, response, mask);
    });
    clientRequest.end(hop.body);
  }

  #receive(hop: Hop, response: IncomingMessage, mask: SecretMask): void {
    clearTimeout(this.#clock);
    const status = response.statusCode ?? 0;
    const location = response.headers.location;
    try {
      if (isRedirect(status) && location !== undefined && this.#request.maxRedirects !== 0) {
        if (this.#redirectsLeft-- <= 0) throw new EgressFailed('too-many-redirects');
        const next = followRedirect(hop, status, mask.text(location));
        this.#dropConnection();
        void this.#travel(next);
        return;
      }
      // The answer to HEAD describes a body without having one.
      const tap = hop.method === 'HEAD' ? undefined : chunkTapOf(response.socket);
      this.#reader = new ResponseReader(response, mask, this.#request.limits, tap, {
        onData: (bytes) => {
          if (!this.#isOver) this.#handler.onData(bytes);
        },
        onEnd: () => {
          if (this.#finish()) this.#handler.onEnd();
        },
        onError: (error) => this.#fail(error),
      });
      this.#watchSilence();
      this.#handler.onHead(this.#reader.head(hrefOf(hop.target)));
      if (this.#isOver) return;
      this.#reader.start();
      if (this.#isPaused) this.#reader.pause();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The socket's own timer, which Node refreshes at every read: no work of ours per chunk. */
  #watchSilence(): void {
    const { idleMs } = this.#request.limits;
    const clientRequest = this.#clientRequest;
    clientRequest?.setTimeout(idleMs);
    clientRequest?.on('timeout', () => {
      if (this.#isOver || this.#clientRequest !== clientRequest) return;
      if (this.#isPaused) clientRequest.socket?.setTimeout(idleMs);
      else this.#fail(new EgressFailed('idle-timeout'));
    });
  }

  #startClock(ms: number, kind: 'connect-timeout' | 'first-byte-timeout'): void {
    clearTimeout(this.#clock);
    this.#clock = setTimeout(() => this.#fail(new EgressFailed(kind)), ms);
  }

  #fail(error: unknown): void {
    if (!this.#finish()) return;
    this.#dropConnection();
    const isOurs = error instanceof EgressRefused || error instanceof EgressFailed;
    this.#handler.onError(isOurs ? error : failureOf(error));
  }

  #finish(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    clearTimeout(this.#clock);
    this.#request.signal?.removeEventListener('abort', this.#onAbort);
    return true;
  }

  #dropConnection(): void {
    const clientRequest = this.#clientRequest;
    this.#clientRequest = undefined;
    this.#reader?.destroy();
    clientRequest?.destroy();
  }
}
