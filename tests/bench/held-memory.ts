import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Asked of a process; answered with the bytes that it holds. */
export interface HeldOrder {
  kind: 'held-memory';
}

/**
 * What is held on the heap and in buffers. Not resident memory: a heap that has grown before takes in whatever comes for nothing, and
 * what was given up is returned to the system late. What the runtime allocates for a socket by itself, a few kB, is left out.
 */
export function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What the first round finalizes only the second one frees.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
