import { expect, test } from 'vitest';
import { reapTurns } from './reap-turns.sweep.ts';

test('after a time without a database nobody is taken for dead before all could renew their leases', async () => {
  let isAway = false;
  let nowMs = 1_000_000;
  let reaped = 0;
  async function asked(): Promise<void> {
    if (isAway) throw new Error('The database is away');
  }
  const reaper = {
    async reap() {
      await asked();
      return ++reaped;
    },
  };
  const job = reapTurns(reaper, { heartbeat: asked }, () => nowMs);
  const run = () => job.run(new AbortController().signal);

  await run();
  expect(reaped).toBe(1);
  isAway = true;
  await expect(run()).rejects.toThrow('The database is away');
  isAway = false;
  for (const seconds of [0, 4, 8]) {
    nowMs += seconds === 0 ? 0 : 4_000;
    await run();
    expect(reaped).toBe(1);
  }
  nowMs += 5_000;
  await run();
  expect(reaped).toBe(2);
});
