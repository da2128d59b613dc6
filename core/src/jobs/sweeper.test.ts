import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { createSweeper } from './sweeper.ts';

const log = pino({ level: 'silent' });

test('a sweep that fails runs again and stops no other', async () => {
  const ran = { failing: 0, well: 0 };
  const sweeper = createSweeper({
    log,
    sweeps: [
      {
        name: 'failing',
        everyMs: 5,
        run: async () => {
          ran.failing += 1;
          throw new Error('fails each time');
        },
      },
      { name: 'well', everyMs: 5, run: async () => void (ran.well += 1) },
    ],
  });
  sweeper.start();
  await vi.waitFor(() => expect(Math.min(ran.failing, ran.well)).toBeGreaterThan(2), { timeout: 60_000 });
  await sweeper.stop();
});

test('stopping waits for what runs and tells it so', async () => {
  let ended = false;
  const started = vi.fn<() => void>();
  const sweeper = createSweeper({
    log,
    sweeps: [
      {
        name: 'long',
        everyMs: 1,
        async run(signal) {
          started();
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
          ended = true;
        },
      },
    ],
  });
  sweeper.start();
  await vi.waitFor(() => expect(started).toHaveBeenCalled(), { timeout: 60_000 });
  await sweeper.stop();
  expect(ended).toBe(true);
});

test('a sweep that does not end does not keep the process', async () => {
  const started = vi.fn<() => void>();
  const sweeper = createSweeper({
    log,
    stopWithinMs: 20,
    sweeps: [{ name: 'stuck', everyMs: 1, run: () => (started(), new Promise(() => undefined)) }],
  });
  sweeper.start();
  await vi.waitFor(() => expect(started).toHaveBeenCalled(), { timeout: 60_000 });
  await sweeper.stop();
  expect(started).toHaveBeenCalledTimes(1);
});
