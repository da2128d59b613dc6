import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { bodyStart } from './body-start.ts';
import { ChunkFraming } from './chunk-framing.ts';

/** As for Node's parser, see `maxHeaderSize` of the exchange. */
const mostHeadBytes = 65_536;

interface Tapped {
  response: IncomingMessage;
  framing: ChunkFraming;
  take: (chunk: Buffer) => void;
}

/**
 * Takes whole chunks of a response off a connection before Node's streams and parser see them: a model's tokens are small, and
 * the way through two streams and a parser is a seventh of what the worker spends on one. The parser stands between two chunks then,
 * so that a whole chunk it never sees changes nothing for it. Everything else still goes that way, and everything does while
 * something waits there, so that order and errors stay Node's: heads, other bodies, cut chunks, the last one with its trailers.
 */
export class ChunkTap {
  readonly #socket: Duplex;
  /** What came since the request was sent, until its response is known. */
  #head: Buffer[] | undefined;
  #headBytes = 0;
  #tapped: Tapped | undefined;
  #isPaused = false;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /** To be called when a request gets this connection: what comes next is the head of its response. */
  expectHead(): void {
    this.#isPaused = false;
    this.#tapped = undefined;
    this.#head = [];
    this.#headBytes = 0;
  }

  /** To be called as the response comes; from here on `take` gets what its `data` listeners don't. */
  open(response: IncomingMessage, take: (chunk: Buffer) => void): void {
    const head = this.#head;
    this.#head = undefined;
    if (head === undefined || response.headers['transfer-encoding']?.toLowerCase() !== 'chunked') return;
    const bytes = Buffer.concat(head);
    const start = bodyStart(bytes);
    if (start === undefined || response.statusCode !== 200) return;
    const framing = new ChunkFraming();
    // Some of the body may have come with the head, and is on its way through the parser.
    for (let at = start; at < bytes.length;) at = framing.advance(bytes, at, bytes.length);
    if (!framing.isLost) this.#tapped = { response, framing, take };
  }

  /**
   * The connection rests at the end of a read, and not only when Node's streams are full: what they hold when their reader goes on must
   * take their way.
   */
  pause(): void {
    this.#isPaused = true;
  }
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#socket.read(0);
  }

  /** What the connection has read, handed on in parts. False asks it to rest, as a stream's `push` does. */
  read(bytes: Buffer): boolean {
    if (this.#tapped !== undefined) return this.#readChunks(this.#tapped, bytes) && !this.#isPaused;
    this.#keep(bytes);
    return this.#socket.push(bytes) && !this.#isPaused;
  }

  #keep(bytes: Buffer): void {
    if (this.#head === undefined) return;
    if (this.#headBytes > mostHeadBytes) this.#head = undefined;
    else this.#head.push(bytes);
    this.#headBytes += bytes.length;
  }

  #readChunks({ response, framing, take }: Tapped, bytes: Buffer): boolean {
    let given = 0;
    for (let at = 0; at < bytes.length;) {
      const isStart = framing.isBetweenChunks;
      const end = framing.advance(bytes, at, bytes.length);
      if (isStart && framing.isBetweenChunks && this.#isIdle(response)) {
        const isPushed = given < at;
        if (isPushed) this.#socket.push(bytes.subarray(given, at));
        given = at;
        // Asked again, because what was pushed may have paused or broken the response.
        if (!isPushed || this.#isIdle(response)) {
          given = end;
          take(bytes.subarray(end - 2 - framing.size, end - 2));
        }
      }
      at = end;
    }
    if (framing.isLost) this.#tapped = undefined;
    return given === bytes.length || this.#socket.push(bytes.subarray(given));
  }

  /**
   * Nobody asked the response to wait, and nothing waits in Node's streams: what is taken now comes behind all that went through
   * them. Node empties them before it reads again, but the order of a body should not hang on when it does so.
   */
  #isIdle(response: IncomingMessage): boolean {
    return (
      response.readableFlowing === true &&
      response.readableLength === 0 &&
      !response.destroyed &&
      this.#socket.readableLength === 0
    );
  }
}
