import { describe, expect, it, vi } from 'vitest';
import { FrameScheduler } from './frame-scheduler.ts';

function setUp() {
  const waiting: ((now: number) => void)[] = [];
  const scheduler = new FrameScheduler({ request: (callback) => void waiting.push(callback) });
  const frame = (now: number) => waiting.splice(0).forEach((callback) => callback(now));
  return { scheduler, frame, waiting };
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

  it('commits every second frame while frames are long', () => {
    const { scheduler, frame } = setUp();
    const commit = vi.fn<() => void>();
    const counts = [1000, 1030, 1060, 1090, 1120].map((now) => {
      scheduler.mark(commit);
      frame(now);
      return commit.mock.calls.length;
    });
    expect(counts).toEqual([1, 1, 2, 2, 3]);
  });

  it('asks for no frame when nothing changed', () => {
    const { scheduler, frame, waiting } = setUp();
    scheduler.mark(() => undefined);
    frame(1000);
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
