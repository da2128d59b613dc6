import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CallFetch } from './call-fetch.ts';
import type { WorkerCall } from './worker-call.ts';

/** A fetch whose body is read as lines; `isReading` tells whether its socket is read, `mustEnter` whether the last arrival waits for no beat. */
function openFetch(onPassed: (text: string) => void = () => {}) {
  let isReading = true;
  let mustEnter = false;
  const fetch = new CallFetch({ id: 1, lastActivity: 0 } as WorkerCall, 1, {
    onArrival: (_fetch, atOnce) => void (mustEnter = atOnce),
    onPassed,
    onOver() {},
  });
  fetch.exchange = {
    pause: () => void (isReading = false),
    resume: () => void (isReading = true),
    cancel: () => {},
  };
  fetch.onHead({ status: 200, statusText: 'OK', url: 'http://x.test/', headers: [] });
  fetch.read('lines');
  fetch.takeArrived([]);
  return { fetch, isReading: () => isReading, mustEnter: () => mustEnter };
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

it('enters at once what the socket rests for', () => {
  const { fetch, mustEnter } = openFetch();
  const entersAtOnce = Array.from({ length: 7 }, () => {
    fetch.onData(bytes(`${'a'.repeat(9_999)}\n`));
    return mustEnter();
  });
  // The first one because somebody waits for it.
  expect(entersAtOnce).toEqual([true, false, false, false, false, false, true]);
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

const frame = { before: '{"text":"', after: '"}' };
const framed = (text: string): string => `${frame.before}${text}${frame.after}\n`;

it('keeps the order of what passes and what enters, and loses nothing, however it is cut and whenever it enters', () => {
  const line = fc.oneof({ weight: 3, arbitrary: fc.constant('passes') }, fc.constantFrom('enters', 'passes\\n'));
  const step = fc.oneof({ weight: 3, arbitrary: fc.nat(60) }, fc.constant('round'));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), fc.array(step, { maxLength: 60 }), (lines, steps) => {
      const wire = lines.map((text, at) => (text === 'enters' ? `${at}\n` : framed(`${at}${text}`))).join('');
      let read = '';
      let known = 0;
      let told = 0;
      const { fetch } = openFetch((text) => {
        read += text;
        known += (text.match(/passes/g) ?? []).length;
      });
      const round = (): void => {
        const bodies: string[] = [];
        const messages = JSON.parse(`[${fetch.takeArrived(bodies)}]`) as unknown[][];
        for (const body of bodies) read += body.startsWith('{') ? (JSON.parse(body) as { text: string }).text : body;
        for (const message of messages) told += message[6] as number;
        // A plugin waits again when it has got something, and lets the next text pass.
        if (messages.length > 0) fetch.pass(frame);
      };
      let at = 0;
      for (const size of steps) {
        if (size === 'round') round();
        else fetch.onData(bytes(wire.slice(at, (at += size))));
      }
      fetch.onData(bytes(wire.slice(at)));
      fetch.onEnd();
      round();
      expect(read).toBe(lines.map((text, n) => (text === 'enters' ? n : JSON.parse(`"${n}${text}"`))).join(''));
      expect(told).toBe(known);
    }),
  );
});

it('rests while much text waits to be passed on, and needs nobody to acknowledge it', () => {
  let passed = '';
  const { fetch, isReading } = openFetch((text) => (passed += text));
  fetch.onData(bytes('first\n'));
  fetch.takeArrived([]);
  fetch.pass(frame);
  // Far more than a plugin may leave unacknowledged.
  for (let round = 0; round < 40; round += 1) {
    for (let line = 0; line < 7; line += 1) fetch.onData(bytes(framed('a'.repeat(10_000))));
    expect(isReading()).toBe(false);
    fetch.takeArrived([]);
    expect(isReading()).toBe(true);
  }
  expect(passed).toHaveLength(40 * 70_000);
});

it('lets nothing pass by a body that is read as a whole', () => {
  let passed = '';
  const fetch = new CallFetch({ id: 1, lastActivity: 0 } as WorkerCall, 1, {
    onArrival() {},
    onPassed: (text) => (passed += text),
    onOver() {},
  });
  fetch.onHead({ status: 200, statusText: 'OK', url: 'http://x.test/', headers: [] });
  fetch.read('text');
  fetch.takeArrived([]);
  fetch.pass(frame);
  fetch.onData(bytes(framed('a')));
  const bodies: string[] = [];
  fetch.takeArrived(bodies);
  expect(bodies.join('')).toBe(framed('a'));
  expect(passed).toBe('');
});
