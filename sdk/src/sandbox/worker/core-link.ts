import { Socket } from 'node:net';
import { encodeFrame, FrameReader } from '../framing.ts';
import type { CoreMessage, PartsBatch, WorkerMessage } from '../protocol.ts';

/**
 * Where a frame ends although more waits: the core reads a frame in one go, so many large results at once must not become one that
 * holds its event loop up.
 */
const frameChars = 1_000_000;

/** The one pipe to the core. Messages of a tick leave as one frame, or as few. */
export class CoreLink {
  readonly #socket = new Socket({ fd: 3, readable: true, writable: true });
  #waiting: string[] = [];
  /** Parts that nothing else has followed yet: those of many streams are one message. */
  #parts: PartsBatch[] = [];
  #partsChars = 0;
  #scheduled = false;

  constructor(onMessages: (messages: CoreMessage[]) => void) {
    const reader = new FrameReader();
    this.#socket.on('data', (chunk: Buffer) => {
      for (const frame of reader.push(chunk)) onMessages(JSON.parse(frame) as CoreMessage[]);
    });
    // Without a core there is nothing to serve.
    this.#socket.on('close', () => process.exit(0));
    this.#socket.on('error', () => process.exit(0));
  }

  /** True while the core takes frames more slowly than they come. */
  get congested(): boolean {
    return this.#socket.writableNeedDrain;
  }
  onDrain(action: () => void): void {
    this.#socket.on('drain', action);
  }

  send(message: WorkerMessage): void {
    this.#endParts();
    this.#waiting.push(JSON.stringify(message));
    this.#schedule();
  }
  sendParts(batch: PartsBatch): void {
    this.#parts.push(batch);
    for (const part of batch[1]) if (typeof part === 'string') this.#partsChars += part.length;
    if (this.#partsChars > frameChars / 4) this.#endParts();
    this.#schedule();
  }
  #endParts(): void {
    if (this.#parts.length === 0) return;
    this.#waiting.push(JSON.stringify(['parts', this.#parts] satisfies WorkerMessage));
    this.#parts = [];
    this.#partsChars = 0;
  }
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }
  flush(): void {
    this.#scheduled = false;
    this.#endParts();
    const messages = this.#waiting;
    if (messages.length === 0) return;
    this.#waiting = [];
    let from = 0;
    let chars = 0;
    for (let at = 0; at < messages.length; at += 1) {
      chars += messages[at]!.length;
      if (chars < frameChars && at + 1 < messages.length) continue;
      this.#socket.write(encodeFrame(`[${messages.slice(from, at + 1).join(',')}]`));
      from = at + 1;
      chars = 0;
    }
  }
}
