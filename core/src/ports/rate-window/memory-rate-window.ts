import { type RateWindow, type Standing, STEPS, type Taken } from './rate-window.ts';

interface Step {
  at: number;
  count: number;
}
interface Track {
  /** What was taken in each, oldest first. */
  steps: Step[];
  emptyAtMs: number;
}

/** Counted in this process. No timer keeps it: old tracks go when there are many. */
export function createMemoryRateWindow(options: { now?: () => number; maxKeys?: number } = {}): RateWindow {
  const { now = Date.now, maxKeys = 100_000 } = options;
  const tracks = new Map<string, Track>();

  function trackOf(key: string): Track {
    const known = tracks.get(key);
    if (known !== undefined) return known;
    if (tracks.size >= maxKeys) sweep();
    const track: Track = { steps: [], emptyAtMs: 0 };
    tracks.set(key, track);
    return track;
  }
  function sweep(): void {
    const nowMs = now();
    for (const [key, { emptyAtMs }] of tracks) if (emptyAtMs <= nowMs) tracks.delete(key);
    // Still full of living ones: the oldest give way, as keys can be made up by strangers.
    for (const key of tracks.keys()) {
      if (tracks.size < maxKeys) break;
      tracks.delete(key);
    }
  }

  return {
    take: async (key, limit, windowMs) => takeFrom(trackOf(key), limit, windowMs, now()),
    look: async (key, limit, windowMs) => standingOf(tracks.get(key)?.steps ?? [], limit, windowMs, now()),
  };
}

function takeFrom(track: Track, limit: number, windowMs: number, nowMs: number): Taken {
  const { steps } = track;
  const stepMs = windowMs / STEPS;
  while (steps[0] !== undefined && freeAtMs(steps[0], windowMs) <= nowMs) steps.shift();

  const isTaken = standingOf(steps, limit, windowMs, nowMs).remaining > 0;
  if (isTaken) {
    const at = Math.floor(nowMs / stepMs);
    const last = steps.at(-1);
    // A clock that was set back counts on where it was: nothing may become free early.
    if (last !== undefined && last.at >= at) last.count++;
    else steps.push({ at, count: 1 });
    track.emptyAtMs = freeAtMs(steps.at(-1)!, windowMs);
  }
  return { isTaken, ...standingOf(steps, limit, windowMs, nowMs) };
}

function standingOf(steps: readonly Step[], limit: number, windowMs: number, nowMs: number): Standing {
  const living = steps.filter((step) => freeAtMs(step, windowMs) > nowMs);
  const used = living.reduce((sum, { count }) => sum + count, 0);
  const oldest = living[0];
  return {
    remaining: Math.max(0, limit - used),
    waitMs: oldest === undefined ? windowMs : freeAtMs(oldest, windowMs) - nowMs,
  };
}

function freeAtMs({ at }: Step, windowMs: number): number {
  return (at + 1) * (windowMs / STEPS) + windowMs;
}
