import { runTurn, type RunTurnDeps } from './run-turn.ts';
import type { RunningTurn } from './running-turn.ts';
import type { Settled, TurnResult } from './settle-turns.ts';
import type { TurnFeed } from './turn-feed.ts';
import type { TurnRegistry } from './turn-registry.ts';
import { terminalEvent, turnResult } from './turn-result.ts';

export interface TurnRunnerDeps extends RunTurnDeps {
  registry: TurnRegistry;
  feed: TurnFeed;
  settle(result: TurnResult): Promise<Settled | null>;
  /** The reply is stored and shown; nobody waits for what comes now. */
  afterwards(turn: RunningTurn, result: TurnResult, settled: Settled): void;
  report(error: unknown, turnId: string): void;
}

/** Takes admitted turns from start to settled. */
export class TurnRunner {
  readonly #deps: TurnRunnerDeps;

  constructor(deps: TurnRunnerDeps) {
    this.#deps = deps;
  }

  start(turn: RunningTurn): void {
    this.#deps.registry.add(turn);
    void this.#run(turn).catch((error: unknown) => {
      // A bug of ours; the reaper will close the turn when its lease has run out.
      this.#deps.registry.remove(turn);
      turn.output.abandon();
      turn.finish(null);
      this.#deps.report(error, turn.job.turnId);
    });
  }

  async #run(turn: RunningTurn): Promise<void> {
    const { registry, feed } = this.#deps;
    const ending = await runTurn(turn, this.#deps);
    if (!(await turn.isAdmitted())) {
      registry.remove(turn);
      turn.finish(null);
      return;
    }
    turn.state = 'settling';
    const result = await turnResult(turn, ending);
    if (result.isDoubted) this.#deps.router.doubted(turn.job.model);
    // Settled first, told afterwards: whoever hears of the end and looks finds it in the database.
    const settled = turn.cut?.kind === 'lost' ? null : await this.#deps.settle(result);
    registry.remove(turn);
    if (settled === null) {
      turn.output.abandon();
      turn.finish(null);
      return;
    }
    turn.output.end(terminalEvent(result, settled.receipt));
    if (turn.conversationId !== null) feed.ended(turn.job.turnId);
    turn.finish(result);
    this.#deps.afterwards(turn, result, settled);
  }
}
