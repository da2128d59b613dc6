import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FrameTicker } from './frame-ticker.ts';
import { TurnWriter } from './turn-writer.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Milliseconds that each text waits before it leaves, for texts that come at these times. */
function waits(arrivals: readonly number[], writers = 1): number[] {
  const started = performance.now();
  const ticker = new FrameTicker();
  const waited: number[] = [];
  const head = { conversationId: 'c', turnId: 't', messageId: 'm' };
  const turns = Array.from(
    { length: writers },
    () =>
      new TurnWriter(
        head,
        ({ events }) => {
          const texts = events.flatMap((event) => (event.type === 'text' ? event.text.split(' ') : []));
          for (const text of texts.filter(Boolean)) waited.push(performance.now() - started - Number(text));
        },
        ticker,
      ),
  );
  for (const at of arrivals) {
    vi.advanceTimersByTime(at - (performance.now() - started));
    for (const turn of turns) turn.part({ type: 'text', text: `${at} ` });
  }
  vi.advanceTimersByTime(1_000);
  return waited;
}

it('lets a delta that comes after a pause leave at once', () => {
  expect(waits([0, 30, 60, 90])).toEqual([0, 0, 0, 0]);
});

it('joins what comes faster for no longer than a frame lasts, counted from the last one', () => {
  expect(waits([0, 5, 10, 15, 25, 30])).toEqual([0, 15, 10, 5, 15, 10]);
});

it('does not let one early delta put off all that follow it', () => {
  expect(waits([0, 10, 43, 76, 109])).toEqual([0, 10, 0, 0, 0]);
});

it('serves many turns, each in its own time', () => {
  expect(waits([0, 12, 45], 3)).toEqual([0, 0, 0, 8, 8, 8, 0, 0, 0]);
});

it('joins more while the frames of all turns together are very many, and no longer', () => {
  const every25ms = Array.from({ length: 60 }, (_, index) => index * 25);
  const crowded = waits(every25ms, 100);
  // For half a second the turns are counted; a delta that comes 25 ms after the last one leaves at once.
  expect(Math.max(...crowded.slice(0, 100 * 20))).toBe(0);
  const later = Math.max(...crowded.slice(100 * 40));
  expect(later).toBeGreaterThan(25);
  expect(later).toBeLessThanOrEqual(40);
  expect(Math.max(...waits(every25ms, 50))).toBe(0);
});

it('returns to short frames when the crowd has gone', () => {
  const ticker = new FrameTicker();
  const leaveFor = (ms: number, frames: number) => {
    for (let at = 0; at < ms; at += 10) {
      vi.advanceTimersByTime(10);
      for (let frame = 0; frame < frames; frame++) ticker.left(performance.now());
    }
  };
  leaveFor(600, 40);
  expect(ticker.intervalMs).toBe(40);
  leaveFor(1_100, 1);
  expect(ticker.intervalMs).toBe(20);
});
