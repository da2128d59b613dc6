// @vitest-environment node
import { describe, expect, it, vi } from 'vitest';
import { FrameScheduler } from './frame-scheduler.ts';

function setUp() {
  const asked: (() => void)[] = [];
  const made: (() => void)[] = [];
  const rests: { ms: number; over: () => void }[] = [];
  let now = 1000;
  const scheduler = new FrameScheduler({
    now: () => now,
    request: (callback) => void asked.push(callback),
    drawn: (callback) => void made.push(callback),
    wait: (ms, over) => void rests.push({ ms, over }),
  });
  /** The browser makes a frame, which takes that long. */
  const frame = (tookMs: number) => {
    for (const callback of asked.splice(0)) callback();
    now += tookMs;
    for (const callback of made.splice(0)) callback();
  };
  return { scheduler, frame, asked, rests };
}

describe('the frame scheduler', () => {
  it('commits once per frame, however often it was marked', () => {
    const { scheduler, frame } = setUp();
    const commit = vi.fn<() => void>();
    scheduler.mark(commit);
    scheduler.mark(commit);
    expect(commit).not.toHaveBeenCalled();
    frame(5);
    expect(commit).toHaveBeenCalledTimes(1);
  });

  it('commits in every frame while the page keeps up', () => {
    const { scheduler, frame, rests } = setUp();
    const commit = vi.fn<() => void>();
    const counts = [5, 16, 20, 3].map((tookMs) => {
      scheduler.mark(commit);
      frame(tookMs);
      return commit.mock.calls.length;
    });
    expect(counts).toEqual([1, 2, 3, 4]);
    expect(rests).toEqual([]);
  });

  it('commits in the frame after one what is marked while that is made', () => {
    const { scheduler, frame } = setUp();
    const late = vi.fn<() => void>();
    scheduler.mark(() => scheduler.mark(late));
    frame(5);
    expect(late).not.toHaveBeenCalled();
    frame(5);
    expect(late).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['one frame', 21, 100],
    ['many frames', 400, 100],
  ])('leaves the page alone after a commit that cost %s', (_, tookMs, restMs) => {
    const { scheduler, frame, asked, rests } = setUp();
    const commit = vi.fn<() => void>();
    scheduler.mark(commit);
    frame(tookMs);
    scheduler.mark(commit);
    expect(asked).toEqual([]);
    expect(rests.map(({ ms }) => Math.round(ms))).toEqual([restMs]);

    rests[0]?.over();
    frame(5);
    expect(commit).toHaveBeenCalledTimes(2);
  });

  it('asks for no frame in which there is nothing to commit', () => {
    const { scheduler, frame, asked } = setUp();
    scheduler.mark(() => undefined);
    frame(5);
    expect(asked).toEqual([]);
  });

  it('forgets what left the page', () => {
    const { scheduler, frame } = setUp();
    const commit = vi.fn<() => void>();
    scheduler.mark(commit);
    scheduler.forget(commit);
    frame(5);
    expect(commit).not.toHaveBeenCalled();
  });
});
