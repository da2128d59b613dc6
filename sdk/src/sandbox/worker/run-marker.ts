import { writeSync } from 'node:fs';

/** The descriptor after the pipe: a nameless file of the core, which reads it after it had to kill this process. */
const markerDescriptor = 4;
const catastropheBit = 0x4000_0000;

/**
 * Says outside of this process which plugin entered last. When a plugin holds the thread for good, nobody in here can tell any
 * more; the core then knows whom to blame, and whose neighbours to load again.
 */
export class RunMarker {
  readonly #bytes = Buffer.alloc(4);
  #slot = -1;

  /** Stays set until another plugin enters: a write for every entry and exit would cost an eighth of a busy worker's time. */
  enter(slot: number): void {
    if (slot === this.#slot) return;
    this.#slot = slot;
    this.#write(slot + 1);
  }
  /** The engine has given up inside this plugin's isolate; the process is about to end. */
  catastrophe(slot: number): void {
    this.#write((this.#slot >= 0 ? this.#slot + 1 : slot + 1) | catastropheBit);
  }
  #write(value: number): void {
    this.#bytes.writeInt32LE(value, 0);
    writeSync(markerDescriptor, this.#bytes, 0, 4, 0);
  }
}
