import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { testSize } from '../../config/test-services.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { LedgerInterleaving, someSteps } from './testing/ledger-interleaving.ts';

test(
  'whatever happens side by side, retried or cut off, the ledger is what a small model of it is',
  { timeout: 3_600_000 },
  async () => {
    await using undo = new AsyncDisposableStack();
    const play = new LedgerInterleaving(await createMigratedDatabase(undo));
    await play.open();
    undo.defer(() => play.close());
    const commands = testSize('COMMANDS', 400);
    const seed = testSize('SEED', Date.now() | 0);
    // Named before anything can fail; with it the same steps are played again.
    process.stdout.write(`ledger model: seed ${seed}, ${commands} commands\n`);
    while (play.commands < commands) {
      await fc.assert(
        fc.asyncProperty(someSteps, (steps) => play.play(steps)),
        {
          seed: seed + play.commands,
          numRuns: 5,
          // Steps are played in real time; the seed and the path are told, and finding a shorter story takes an hour.
          endOnFailure: true,
        },
      );
    }
    process.stdout.write(
      `ledger model: ${play.commands} commands, ${play.waits} of them waited for another, no difference\n`,
    );
    process.stdout.write(`${JSON.stringify(play.outcomes)}\n`);
    expect(play.waits).toBeGreaterThan(play.commands / 100);
  },
);
