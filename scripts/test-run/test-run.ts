import { exitCodeOf, table, totalLine, type Outcome } from './outcome.ts';

/** Collects the outcomes of a run, ends it early on Ctrl-C, and says at the end what came of it. */
export async function testRun(
  work: (add: (outcome: Outcome) => void, signal: AbortSignal) => Promise<void>,
): Promise<number> {
  const outcomes: Outcome[] = [];
  const abort = new AbortController();
  const interrupt = () => abort.abort(new Error('the run was interrupted'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  const begun = performance.now();
  try {
    await work((outcome) => void outcomes.push(outcome), abort.signal);
  } catch (error) {
    // What kept the run from going on (no database, no browser, an interruption) is a failure of its own.
    process.stderr.write(`parley: ${error instanceof Error ? error.message : String(error)}\n`);
    outcomes.push({ step: 'the run itself', passed: 0, failed: 1, skipped: 0, seconds: 0 });
  }
  process.stdout.write(`\n${table(outcomes)}\n  in ${((performance.now() - begun) / 1000).toFixed(0)} s\n\n`);
  process.stdout.write(`${totalLine(outcomes)}\n`);
  return exitCodeOf(outcomes);
}
