import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const catastropheBit = 0x4000_0000;

/** Four bytes that a worker writes and we read: which plugin is inside the engine right now. The file has no name any more once it is open. */
export class MarkerFile {
  readonly descriptor: number;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'parley-worker-'));
    this.descriptor = openSync(join(folder, 'marker'), 'w+', 0o600);
    rmSync(folder, { recursive: true });
  }

  read(): { slot: number | undefined; catastrophe: boolean } {
    const bytes = Buffer.alloc(4);
    if (readSync(this.descriptor, bytes, 0, 4, 0) < 4) return { slot: undefined, catastrophe: false };
    const value = bytes.readInt32LE(0);
    const slot = (value & ~catastropheBit) - 1;
    return { slot: slot >= 0 ? slot : undefined, catastrophe: (value & catastropheBit) !== 0 };
  }
  close(): void {
    closeSync(this.descriptor);
  }
}
