import { Socket } from 'node:net';
import { encodeFrame, FrameReader } from '../framing.ts';
import type { CoreMessage, WorkerMessage } from '../protocol.ts';

/** The one pipe to the core. Messages of a tick leave as one frame. */
export class CoreLink {
  readonly #socket = new Socket({ fd: 3, readable: true, writable: true });
  #waiting: string[] = [];
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
    this.sendJson(JSON.stringify(message));
  }
  /** A message that is JSON already. */
  sendJson(json: string): void {
    this.#waiting.push(json);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }
  flush(): void {
    this.#scheduled = false;
    if (this.#waiting.length === 0) return;
    const frame = `[${this.#waiting.join(',')}]`;
    this.#waiting = [];
    this.#socket.write(encodeFrame(frame));
  }
}
