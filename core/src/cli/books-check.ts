import type { Config } from '../config/config.ts';
import { checkBooks, formatCredits, isOff } from '../modules/credits/index.ts';
import { openDatabase } from '../ports/database/database.ts';
import { migrate } from '../ports/database/migrate.ts';
import { reachDatabase } from './reach-database.ts';

/** Counts everything anew and says what it found. False when the books are off. */
export async function booksCheck(config: Config, print: (line: string) => void): Promise<boolean> {
  await using undo = new AsyncDisposableStack();
  const reached = await reachDatabase(config, (line) => process.stderr.write(`${line}\n`));
  undo.defer(() => reached.release());
  const database = await openDatabase({ url: reached.url });
  undo.defer(() => database.close());
  await migrate(database, reached.url);
  const report = await checkBooks(database.pool);
  const { transfers, users, drift, usersWithDrift, unsettledHolds, holdsWithoutTurn } = report;
  print(`Checked ${transfers} transfers of ${users} users in ${(report.milliseconds / 1000).toFixed(1)} s.`);
  print(`Balances that differ from their transfers: ${usersWithDrift}, by ${formatCredits(drift)} credits in all.`);
  print(`Holds whose transfers do not add up: ${unsettledHolds}.`);
  print(`Holds of replies that nobody writes any more: ${holdsWithoutTurn}.`);
  print(`Holds now: ${report.activeHolds}, the oldest of ${report.oldestHoldSeconds} s.`);
  const balances = !isOff(report);
  print(balances ? 'The books balance.' : 'The books do NOT balance.');
  return balances;
}
