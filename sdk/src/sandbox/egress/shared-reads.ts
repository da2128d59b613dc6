import type { NetConnectOpts, OnReadOpts } from 'node:net';
import type { Duplex } from 'node:stream';

import { ChunkTap } from './chunk-tap.ts';

/**
 * A read lasts until its callback returns, and one thread reads one socket at a time, so all of them can read into the same memory.
 * On Windows reads are handed to the system beforehand: there each socket needs its own.
 */
const shared = process.platform === 'win32' ? undefined : Buffer.allocUnsafeSlow(65_536);

const taps = new WeakMap<Duplex, ChunkTap>();

/** The tap of a connection that was made here; others have none. */
export function chunkTapOf(socket: Duplex): ChunkTap | undefined {
  return taps.get(socket);
}

/**
 * Makes a connection whose reads cost no memory but that of their bytes. Node otherwise allocates 64 KB for each read and gives most of
 * it back: for a model's small tokens that is most of what a read costs.
 */
export function withSharedReads<Options extends object, Made extends Duplex | null | undefined>(
  options: Options,
  connect: (options: Options & { onread?: OnReadOpts }) => Made,
): Made {
  if (shared === undefined) return connect(options);
  let tap: ChunkTap | undefined;
  const onread: NonNullable<NetConnectOpts['onread']> = {
    buffer: shared,
    // As for any stream: false asks the socket to rest until it is read from again.
    callback(length) {
      const bytes = Buffer.allocUnsafe(length);
      shared.copy(bytes, 0, 0, length);
      return tap?.read(bytes) ?? true;
    },
  };
  const made = connect({ ...options, onread });
  if (made) {
    tap = new ChunkTap(made);
    taps.set(made, tap);
  }
  return made;
}
