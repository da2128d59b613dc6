import { availableParallelism, loadavg } from 'node:os';

/** How long something may take here and now: what it takes on an idle machine, stretched by how many wait for each processor. */
export function patience(idleMs: number): number {
  return idleMs * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
}
