import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Heartbeat } from './heartbeat.ts';

let heartbeat: Heartbeat;
beforeEach(() => {
  vi.useFakeTimers();
  heartbeat = new Heartbeat();
});
afterEach(() => {
  heartbeat.stop();
  vi.useRealTimers();
});

function response() {
  const made = new ServerResponse(new IncomingMessage(new Socket()));
  return { made, write: vi.spyOn(made, 'write').mockReturnValue(true) };
}

test('a stream that is silent is kept alive until it closes', () => {
  const { made, write } = response();
  heartbeat.watch(made);
  vi.advanceTimersByTime(20_000);
  expect(write.mock.calls).toEqual([[': keep-alive\n\n']]);
  made.destroy();
  made.emit('close');
  vi.advanceTimersByTime(60_000);
  expect(write).toHaveBeenCalledOnce();
});

test('a response that was gone before is never written to', () => {
  const { made, write } = response();
  made.destroy();
  made.emit('close');
  heartbeat.watch(made);
  vi.advanceTimersByTime(60_000);
  expect(write).not.toHaveBeenCalled();
});
