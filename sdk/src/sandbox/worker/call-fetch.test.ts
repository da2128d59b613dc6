import { expect, it } from 'vitest';
import { CallFetch } from './call-fetch.ts';
import type { WorkerCall } from './worker-call.ts';

/** A fetch whose body is read as lines; `isReading` tells whether its socket is read. */
function openFetch() {
  let isReading = true;
  const fetch = new CallFetch(
    { id: 1 } as WorkerCall,
    1,
    () => {},
    () => {},
  );
  fetch.exchange = {
    pause: () => void (isReading = false),
    resume: () => void (isReading = true),
    cancel: () => {},
  };
  fetch.onHead({ status: 200, statusText: 'OK', url: 'http://x.test/', headers: [] });
  fetch.read('lines');
  fetch.takeArrived([]);
  return { fetch, isReading: () => isReading };
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

it('rests the socket while much waits to enter the plugin, and reads on when it has', () => {
  const { fetch, isReading } = openFetch();
  for (let line = 0; line < 7; line += 1) fetch.onData(bytes(`${'a'.repeat(9_999)}\n`));
  expect(isReading()).toBe(false);
  const bodies: string[] = [];
  fetch.takeArrived(bodies);
  expect(bodies).toHaveLength(7);
  expect(isReading()).toBe(true);
});

it('goes on reading a line that is not whole, which nobody could take', () => {
  const { fetch, isReading } = openFetch();
  for (let piece = 0; piece < 30; piece += 1) fetch.onData(bytes('a'.repeat(10_000)));
  expect(isReading()).toBe(true);
});

it('rests when the plugin does not consume what has entered', () => {
  const { fetch, isReading } = openFetch();
  for (let line = 0; line < 250; line += 1) {
    fetch.onData(bytes(`${'a'.repeat(9_999)}\n`));
    fetch.takeArrived([]);
  }
  expect(isReading()).toBe(false);
  fetch.acknowledge(1_000_000);
  expect(isReading()).toBe(true);
});
