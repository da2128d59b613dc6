import type { IncomingMessage } from 'node:http';

import type { ChunkTap } from './chunk-tap.ts';
import { type Decoder, type Encoding, createDecoder, encodingOf } from './decoder.ts';
import { EgressFailed } from './egress-errors.ts';
import type { EgressHandler, EgressHead, EgressLimits } from './egress-types.ts';
import type { SecretMask } from './secret-mask.ts';

type BodyHandler = Omit<EgressHandler, 'onHead' | 'onError'> & { onError(error: unknown): void };

/** Reads one response body: counts, decodes, masks. The plain path is one callback per chunk off the socket. */
export class ResponseReader {
  readonly #response: IncomingMessage;
  readonly #mask: SecretMask;
  readonly #most: number;
  /** Of the connection, which serves somebody else once the response has ended. */
  #tap: ChunkTap | undefined;
  readonly #handler: BodyHandler;
  readonly #encoding: Encoding;
  #decoder: Decoder | undefined;
  #decodedBytes = 0;
  #isPaused = false;

  constructor(
    response: IncomingMessage,
    mask: SecretMask,
    limits: EgressLimits,
    tap: ChunkTap | undefined,
    handler: BodyHandler,
  ) {
    this.#response = response;
    this.#mask = mask;
    this.#most = limits.responseBytes;
    this.#tap = tap;
    this.#handler = handler;
    this.#encoding = encodingOf(response.headers['content-encoding']);
    if (Number(response.headers['content-length'] ?? 0) > this.#most) throw new EgressFailed('too-large');
  }

  head(url: string): EgressHead {
    const { rawHeaders, statusCode = 0, statusMessage = '' } = this.#response;
    const headers: [string, string][] = [];
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      const name = (rawHeaders[i] ?? '').toLowerCase();
      // They describe the bytes on the wire, which nobody behind this point sees.
      if (this.#encoding !== 'none' && (name === 'content-encoding' || name === 'content-length')) continue;
      headers.push([name, this.#mask.text(rawHeaders[i + 1] ?? '')]);
    }
    return { status: statusCode, statusText: this.#mask.text(statusMessage), headers, url };
  }

  start(): void {
    const response = this.#response;
    const deliver = this.#deliverer();
    const take = this.#encoding === 'none' ? deliver : (chunk: Buffer): void => this.#decode(chunk, deliver);
    let wireBytes = 0;
    const count = (chunk: Buffer): void => {
      wireBytes += chunk.length;
      if (wireBytes > this.#most) this.#handler.onError(new EgressFailed('too-large'));
      else take(chunk);
    };
    response.on('data', count);
    this.#tap?.open(response, count);
    response.on('end', () => {
      this.#tap?.resume();
      this.#tap = undefined;
      if (this.#decoder) this.#decoder.end();
      else this.#end();
    });
    response.on('error', (error) => {
      // While somebody was pausing, more may have come before the connection broke.
      const rest = response.read() as Buffer | null;
      if (rest !== null) count(rest);
      this.#tap?.release();
      this.#handler.onError(error);
    });
  }

  pause(): void {
    this.#isPaused = true;
    (this.#decoder ?? this.#response).pause();
    this.#tap?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    (this.#decoder ?? this.#response).resume();
    this.#tap?.resume();
  }

  destroy(): void {
    this.#decoder?.destroy();
    this.#response.destroy();
  }

  #deliverer(): (chunk: Buffer) => void {
    const handler = this.#handler;
    const mask = this.#mask;
    if (mask.isEmpty) return (chunk) => handler.onData(chunk);
    return (chunk) => {
      const masked = mask.push(chunk);
      if (masked.length > 0) handler.onData(masked);
    };
  }

  #decode(chunk: Buffer, deliver: (chunk: Buffer) => void): void {
    if (!this.#decoder) {
      this.#decoder = createDecoder(this.#encoding === 'none' ? 'gzip' : this.#encoding, chunk[0] ?? 0);
      this.#decoder.on('data', (decoded: Buffer) => {
        this.#decodedBytes += decoded.length;
        // A few kilobytes can decode to gigabytes: counted as it comes out, not afterwards.
        if (this.#decodedBytes > this.#most) this.#handler.onError(new EgressFailed('too-large'));
        else deliver(decoded);
      });
      this.#decoder.on('drain', () => {
        this.#response.resume();
        if (!this.#isPaused) this.#tap?.resume();
      });
      this.#decoder.on('end', () => this.#end());
      this.#decoder.on('error', () => this.#handler.onError(new EgressFailed('encoding')));
      if (this.#isPaused) this.#decoder.pause();
    }
    if (this.#decoder.write(chunk)) return;
    this.#response.pause();
    this.#tap?.pause();
  }

  #end(): void {
    const rest = this.#mask.end();
    if (rest) this.#handler.onData(rest);
    this.#handler.onEnd();
  }
}
