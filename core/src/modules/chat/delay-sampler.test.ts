import type { TurnFrame } from '@parley/sdk/contract';
import { afterEach, expect, test, vi } from 'vitest';
import { DelaySampler } from './delay-sampler.ts';
import { FrameTicker } from './frame-ticker.ts';
import { SinkOutput } from './sink-output.ts';
import { TurnWriter } from './turn-writer.ts';

afterEach(() => vi.useRealTimers());

test('one arrival in 64 is measured, until what arrived is in a frame on its way', () => {
  vi.useFakeTimers();
  const delays: number[] = [];
  const frames: TurnFrame[] = [];
  const sampler = new DelaySampler((seconds) => delays.push(seconds));
  const head = { conversationId: 'c', turnId: 't', messageId: 'm' };
  const output = new TurnWriter(head, (frame) => frames.push(frame), new FrameTicker());
  const say = (text: string) => {
    sampler.arrived({ output });
    output.part({ type: 'text', text });
  };
  for (let at = 1; at < 64; at++) say('.');
  vi.advanceTimersByTime(1_000);
  expect(delays).toEqual([]);
  // The first after a pause goes at once and takes no time to speak of; the next one waits for its frame.
  say('measured');
  expect(delays).toEqual([0]);
  for (let at = 1; at < 64; at++) say('.');
  say('measured');
  expect(delays).toHaveLength(1);
  vi.advanceTimersByTime(1_000);
  expect(delays[1]).toBeGreaterThanOrEqual(0.016);
  expect(delays[1]).toBeLessThanOrEqual(0.04);
});

test("what goes to an API client's stream is measured too", () => {
  const delays: number[] = [];
  const sampler = new DelaySampler((seconds) => delays.push(seconds));
  const output = new SinkOutput(
    () => undefined,
    () => undefined,
  );
  for (let at = 0; at < 128; at++) {
    sampler.arrived({ output });
    output.part({ type: 'text', text: '.' });
  }
  expect(delays).toHaveLength(2);
});
