import { waitAtMost } from '../../lib/wait-at-most.ts';
import type { TurnRegistry } from './turn-registry.ts';

/** Time for the database to take what is left after everybody was told to end. */
const LAST_WORDS_MS = 3_000;

/** Resolves when no turn is running any more; those that outlast `graceMs` end as interrupted, with their text. */
export async function drainTurns(registry: TurnRegistry, graceMs: number): Promise<void> {
  await allOver(registry, graceMs);
  for (const turn of registry.all()) turn.end({ kind: 'interrupted' });
  await allOver(registry, LAST_WORDS_MS);
}

async function allOver(registry: TurnRegistry, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  // Again and again: what was being admitted when the doors closed comes in a moment later.
  for (;;) {
    const leftMs = end - performance.now();
    if (registry.size === 0 || leftMs <= 0) return;
    await waitAtMost(Promise.all(registry.all().map((turn) => turn.over)), leftMs);
  }
}
