import { expect, test } from 'vitest';
import { BackgroundWork } from './background-work.ts';

const unexpected = (error: unknown) => {
  throw error;
};

test('a stop tells the work, waits for it, and lets nothing begin after it', async () => {
  const background = new BackgroundWork();
  const done: string[] = [];
  background.run(async (signal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    done.push('told');
  }, unexpected);
  const later = Promise.withResolvers<void>();
  background.run(async () => {
    await later.promise;
    done.push('waited for');
  }, unexpected);
  const stopped = background.stop(10_000);
  background.run(async () => done.push('too late'), unexpected);
  later.resolve();
  await stopped;
  expect(done).toEqual(['told', 'waited for']);
});

test('work that does not end is left behind, and its failure is no news', async () => {
  const background = new BackgroundWork();
  const stuck = Promise.withResolvers<void>();
  const failures: unknown[] = [];
  background.run(
    () => stuck.promise,
    (error) => failures.push(error),
  );
  await background.stop(10);
  stuck.reject(new Error('the pool is closed'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(failures).toEqual([]);
});

test('a failure while the process runs is told', async () => {
  const background = new BackgroundWork();
  const failure = new Error('a bug');
  const told = new Promise((resolve) => background.run(() => Promise.reject(failure), resolve));
  await expect(told).resolves.toBe(failure);
});
