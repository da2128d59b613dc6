import type { FilterResult, StreamFilterRun } from '@parley/sdk/plugin';

/** All that a filter let go over a stream, joined; for tests. */
export function runFilter(run: StreamFilterRun, pieces: readonly string[]): FilterResult & { mostHeld: number } {
  const whole: FilterResult = { text: '' };
  let pushed = 0;
  let mostHeld = 0;
  const take = (result: FilterResult) => {
    whole.text += result.text;
    whole.block ??= result.block;
    whole.flag ??= result.flag;
  };
  for (const piece of pieces) {
    take(run.push(piece));
    pushed += piece.length;
    if (!whole.block) mostHeld = Math.max(mostHeld, pushed - whole.text.length);
  }
  take(run.end());
  return { ...whole, mostHeld };
}

/** Cuts a text behind each of the given places. */
export function cutAt(text: string, places: readonly number[]): string[] {
  const cuts = [...new Set(places.map((place) => place % (text.length + 1)))].toSorted((a, b) => a - b);
  return [...cuts, text.length].map((end, i) => text.slice(cuts[i - 1] ?? 0, end));
}
