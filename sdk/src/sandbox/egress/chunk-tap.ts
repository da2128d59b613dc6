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
  /** What has been read of its size, should it turn out to be no plain chunk; once its data has begun it must be one. */
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
  #hasEnded = false;
  /** What has been read and not been looked at, because the reader pauses. */
  #unread: Buffer | undefined;

  constructor(socket: Duplex) {
    this.#socket = socket;
    // Before Node's own listener, which takes what has not come by then for missing.
    socket.on('end', () => {
      this.#hasEnded = true;
      this.#giveUnreadToNode();
    });
  }

  /** To be called when a request gets this connection: what comes next is the head of its response. */
  expectHead(): void {
    this.#isPaused = false;
    this.#unread = undefined;
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
      if (!this.#isPaused && this.#passUnread()) this.#socket.read(0);
    });
  }
  /** The connection has broken: what came before that is taken, paused or not. */
  release(): void {
    const [tapped, unread] = [this.#tapped, this.#takeUnread()];
    if (tapped === undefined) return;
    for (let at = 0; at < unread.length;) {
      at = tapped.framing.advance(unread, at, unread.length);
      this.#takeData(tapped, unread);
    }
  }

  /** What the connection has read, handed on in parts. False asks it to rest, as a stream's `push` does. */
  read(bytes: Buffer): boolean {
    if (this.#unread === undefined) return this.#passOn(bytes);
    this.#unread = Buffer.concat([this.#unread, bytes]);
    return false;
  }

  #takeUnread(): Buffer {
    const unread = this.#unread ?? nothing;
    this.#unread = undefined;
    return unread;
  }
  #passUnread(): boolean {
    const unread = this.#takeUnread();
    return unread.length === 0 || this.#passOn(unread);
  }
  /** Nothing follows, and Node must see how it ends. A paused response keeps what it is given. */
  #giveUnreadToNode(): void {
    const [tapped, unread] = [this.#tapped, this.#takeUnread()];
    if (tapped === undefined || unread.length === 0) return;
    this.#tapped = undefined;
    let from = 0;
    if (tapped.isOurs && !tapped.framing.isBetweenChunks) {
      from = tapped.framing.advance(unread, 0, unread.length);
      if (!this.#takeFrom(tapped, unread, 0, from)) from = 0;
    }
    this.#giveToNode(unread.subarray(from));
  }
  #giveToNode(bytes: Buffer): boolean {
    if (!this.#hasEnded) return this.#socket.push(bytes);
    // A stream that has ended takes no more.
    this.#socket.emit('data', bytes);
    return false;
  }
  #passOn(bytes: Buffer): boolean {
    if (this.#tapped !== undefined) return this.#readChunks(this.#tapped, bytes) && !this.#isPaused;
    this.#noteHead(bytes);
    return this.#giveToNode(bytes) && !this.#isPaused;
  }

  #noteHead(bytes: Buffer): void {
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
        const hasNodesBefore = given < at;
        if (hasNodesBefore && (this.#isPaused || this.#isIdle(response))) {
          this.#giveToNode(bytes.subarray(given, at));
          given = at;
        }
        // Asked after that, because what was pushed may have paused or broken the response.
        tapped.isOurs = this.#isIdle(response);
        tapped.opening = nothing;
        tapped.hasBegun = false;
      }
      if (this.#isPaused && given === at) {
        this.#unread = bytes.subarray(at);
        return false;
      }
      const end = framing.advance(bytes, at, bytes.length);
      if (tapped.isOurs && this.#takeFrom(tapped, bytes, at, end)) given = end;
      at = end;
    }
    if (framing.isLost) this.#tapped = undefined;
    return given === bytes.length || this.#giveToNode(bytes.subarray(given));
  }

  /** Takes the data of a chunk of ours, as much as has come. False: it is no plain one, and Node's from its first byte on. */
  #takeFrom(tapped: Tapped, bytes: Buffer, at: number, end: number): boolean {
    this.#takeData(tapped, bytes);
    if (!tapped.framing.isLost) {
      if (!tapped.hasBegun) tapped.opening = Buffer.concat([tapped.opening, bytes.subarray(at, end)]);
      return true;
    }
    this.#giveToNode(tapped.hasBegun ? brokenChunk : tapped.opening);
    return tapped.hasBegun;
  }
  #takeData(tapped: Tapped, bytes: Buffer): void {
    const { dataFrom, dataTo } = tapped.framing;
    if (dataTo === dataFrom) return;
    tapped.hasBegun = true;
    tapped.take(bytes.subarray(dataFrom, dataTo));
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
