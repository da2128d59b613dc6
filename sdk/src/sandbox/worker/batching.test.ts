import { expect, it } from 'vitest';
import { Batching } from './batching.ts';
import { CallContext } from './call-context.ts';
import type { GuestContext } from './isolate.ts';

/** Keeps full rounds coming, and answers how often the loop turned in between. */
async function turnsBetweenRounds(rounds: number, mayRest: boolean): Promise<number[]> {
  const context = new CallContext({} as GuestContext, true);
  const counts: number[] = [];
  let turns = 0;
  let isOver = false;
  const countTurns = (): void => {
    turns += 1;
    if (!isOver) setImmediate(countTurns);
  };
  await new Promise<void>((resolve) => {
    const batching = new Batching({
      enter: () => {
        counts.push(turns);
        turns = 0;
        if (counts.length > rounds) return resolve();
        fill();
      },
      afterRound: () => {},
      mayRun: () => true,
      mayRest: () => mayRest,
    });
    const fill = (): void => {
      // As from the network: after this round, not within it.
      setImmediate(() => {
        for (let piece = 0; piece < 20; piece += 1) context.pending.push('["t",0,1]');
        batching.add(context);
      });
    };
    fill();
    countTurns();
  });
  isOver = true;
  return counts.slice(1);
}

it('sleeps from one full round to the next, so that the loop turns for rounds and not for tokens', async () => {
  // Two turns make a rest: one to write what the round made, one to read what came meanwhile.
  expect(Math.max(...(await turnsBetweenRounds(5, true)))).toBeLessThanOrEqual(4);
});

it('stays awake while somebody waits for a first word', async () => {
  // Not of each round: a machine that stops the process for a moment lets the beat pass without a turn.
  expect(Math.max(...(await turnsBetweenRounds(20, false)))).toBeGreaterThan(10);
});
