import { describe, expect, it, vi } from 'vitest';
import { FrameScheduler } from './frame-scheduler.ts';

function setUp() {
  const waiting: ((now: number) => void)[] = [];
  const rests: { ms: number; over: () => void }[] = [];
  const scheduler = new FrameScheduler({
    request: (callback) => void waiting.push(callback),
    wait: (ms, over) => void rests.push({ ms, over }),
  });
  const frame = (now: number) => waiting.splice(0).forEach((callback) => callback(now));
  return { scheduler, frame, waiting, rests };
}

describe('the frame scheduler', () => {
  it('commits once per frame, however often it was marked', () => {
    const { scheduler, frame } = setUp();
    const commit = vi.fn<() => void>();
    scheduler.mark(commit);
    scheduler.mark(commit);
    expect(commit).not.toHaveBeenCalled();
    frame(1000);
    expect(commit).toHaveBeenCalledTimes(1);
  });

  it('commits in every frame while the page keeps up', () => {
    const { scheduler, frame, rests } = setUp();
    const commit = vi.fn<() => void>();
    const counts = [1000, 1017, 1034, 1050].map((now) => {
      scheduler.mark(commit);
      frame(now);
      return commit.mock.calls.length;
    });
    expect(counts).toEqual([1, 2, 3, 4]);
    expect(rests).toEqual([]);
  });

  it.each([
    ['one frame', 1034, 100],
    ['many frames', 1400, 100],
  ])('leaves the page alone after a commit that cost %s', (_, next, restMs) => {
    const { scheduler, frame, waiting, rests } = setUp();
    const commit = vi.fn<() => void>();
    scheduler.mark(commit);
    frame(1000);
    scheduler.mark(commit);
    frame(next);
    expect(commit).toHaveBeenCalledTimes(1);
    expect(rests.map(({ ms }) => Math.round(ms))).toEqual([restMs]);
    expect(waiting).toHaveLength(0);

    rests[0]?.over();
    frame(next + restMs + 16);
    expect(commit).toHaveBeenCalledTimes(2);
  });

  it('asks for no more frames than the one that tells what the last commit cost', () => {
    const { scheduler, frame, waiting } = setUp();
    scheduler.mark(() => undefined);
    frame(1000);
    frame(1016);
    expect(waiting).toHaveLength(0);
  });

  it('forgets what left the page', () => {
    const { scheduler, frame } = setUp();
    const commit = vi.fn<() => void>();
    scheduler.mark(commit);
    scheduler.forget(commit);
    frame(1000);
    expect(commit).not.toHaveBeenCalled();
  });
});
