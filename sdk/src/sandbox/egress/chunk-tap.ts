import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { bodyStart } from './body-start.ts';
import { ChunkFraming } from './chunk-framing.ts';

/** As for Node's parser, see `maxHeaderSize` of the exchange. */
const mostHeadBytes = 65_536;

/** No chunk begins like this: Node's parser takes it for the error that it is. */
const brokenChunk = Buffer.from('!');
const nothing: Buffer = Buffer.alloc(0);

interface Tapped {
  response: IncomingMessage;
  framing: ChunkFraming;
  take: (data: Buffer) => void;
  /** The chunk that is under way is not Node's. */
  isOurs: boolean;
  /** What has been read of its size; nothing once its data has begun. */
  opening: Buffer;
  hasBegun: boolean;
}

/**
 * Takes chunks of a response off a connection before Node's streams and parser see them: a model's tokens are small, and the way through
 * two streams and a parser is a seventh of what the worker spends on one. The parser stands between two chunks then, so that a chunk it
 * never sees changes nothing for it. Everything else still goes that way, and everything does while something waits there, so that order
 * and errors stay Node's: heads, other bodies, the last chunk with its trailers.
 */
export class ChunkTap {
  readonly #socket: Duplex;
  /** What came since the request was sent, until its response is known. */
  #head: Buffer[] | undefined;
  #headBytes = 0;
  #tapped: Tapped | undefined;
  #isPaused = false;
  /** What has been read and not been looked at, because the reader pauses. */
  #kept: Buffer | undefined;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /** To be called when a request gets this connection: what comes next is the head of its response. */
  expectHead(): void {
    this.#isPaused = false;
    this.#kept = undefined;
    this.#tapped = undefined;
    this.#head = [];
    this.#headBytes = 0;
  }

  /** To be called as the response comes; from here on `take` gets what its `data` listeners don't. */
  open(response: IncomingMessage, take: (data: Buffer) => void): void {
    const head = this.#head;
    this.#head = undefined;
    if (head === undefined || response.headers['transfer-encoding']?.toLowerCase() !== 'chunked') return;
    const bytes = Buffer.concat(head);
    const start = bodyStart(bytes);
    if (start === undefined || response.statusCode !== 200) return;
    const framing = new ChunkFraming();
    // Some of the body may have come with the head, and is on its way through the parser.
    for (let at = start; at < bytes.length;) at = framing.advance(bytes, at, bytes.length);
    if (!framing.isLost) {
      this.#tapped = { response, framing, take, isOurs: false, opening: nothing, hasBegun: false };
    }
  }

  /** Nothing more is taken; the connection rests at the end of a read. */
  pause(): void {
    this.#isPaused = true;
  }
  /** To be called when Node's response has been told: what that holds came first. */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    process.nextTick(() => {
      if (!this.#isPaused && this.#passKept()) this.#socket.read(0);
    });
  }
  /** The connection has broken: what was read before that is passed on, paused or not. */
  release(): void {
    this.#isPaused = false;
    this.#passKept();
  }

  /** What the connection has read, handed on in parts. False asks it to rest, as a stream's `push` does. */
  read(bytes: Buffer): boolean {
    if (this.#kept === undefined) return this.#passOn(bytes);
    this.#kept = Buffer.concat([this.#kept, bytes]);
    return false;
  }

  #passKept(): boolean {
    const kept = this.#kept;
    this.#kept = undefined;
    return kept === undefined || this.#passOn(kept);
  }
  #passOn(bytes: Buffer): boolean {
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

  #readChunks(tapped: Tapped, bytes: Buffer): boolean {
    const { response, framing } = tapped;
    /** Up to here they are with Node or with the reader. */
    let given = 0;
    for (let at = 0; at < bytes.length;) {
      if (framing.isBetweenChunks) {
        const isNodes = given < at;
        if (isNodes && (this.#isPaused || this.#isIdle(response))) {
          this.#socket.push(bytes.subarray(given, at));
          given = at;
        }
        // Asked after that, because what was pushed may have paused or broken the response.
        tapped.isOurs = this.#isIdle(response);
        tapped.opening = nothing;
        tapped.hasBegun = false;
      }
      if (this.#isPaused && given === at) {
        this.#kept = bytes.subarray(at);
        return false;
      }
      const end = framing.advance(bytes, at, bytes.length);
      if (tapped.isOurs && this.#takeFrom(tapped, bytes, at, end)) given = end;
      at = end;
    }
    if (framing.isLost) this.#tapped = undefined;
    return given === bytes.length || this.#socket.push(bytes.subarray(given));
  }

  /** Takes the data of a chunk of ours, as much as has come. False: it is no plain one, and Node's from its first byte on. */
  #takeFrom(tapped: Tapped, bytes: Buffer, at: number, end: number): boolean {
    const { framing } = tapped;
    if (framing.dataTo > framing.dataFrom) {
      tapped.hasBegun = true;
      tapped.take(bytes.subarray(framing.dataFrom, framing.dataTo));
    } else if (!tapped.hasBegun && !framing.isLost) {
      tapped.opening = Buffer.concat([tapped.opening, bytes.subarray(at, end)]);
    }
    if (framing.isLost) this.#socket.push(tapped.hasBegun ? brokenChunk : tapped.opening);
    return tapped.hasBegun || !framing.isLost;
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
