import type { EventLog } from '../../ports/event-log/index.ts';
import type { Cut, RunningTurn } from './running-turn.ts';

const STOP_TOPIC = 'turn-stop';

/** The turns that run in this process, and the way to stop those that run in another one. */
export class TurnRegistry {
  readonly #turns = new Map<string, RunningTurn>();
  readonly #log: Pick<EventLog<never>, 'signal' | 'onSignal'>;
  #undo: (() => void) | undefined;

  constructor(log: Pick<EventLog<never>, 'signal' | 'onSignal'>) {
    this.#log = log;
  }

  async start(): Promise<void> {
    this.#undo = await this.#log.onSignal(STOP_TOPIC, (turnId) => this.#turns.get(turnId)?.end({ kind: 'stopped' }));
  }
  stop(): void {
    this.#undo?.();
  }

  add(turn: RunningTurn): void {
    this.#turns.set(turn.job.turnId, turn);
  }
  remove(turn: RunningTurn): void {
    this.#turns.delete(turn.job.turnId);
  }
  get(turnId: string): RunningTurn | undefined {
    return this.#turns.get(turnId);
  }
  all(): RunningTurn[] {
    return [...this.#turns.values()];
  }
  get size(): number {
    return this.#turns.size;
  }

  /** Where it runs, be that here or elsewhere. */
  async stopTurn(turnId: string, cut: Cut = { kind: 'stopped' }): Promise<void> {
    const here = this.#turns.get(turnId);
    if (here !== undefined) here.end(cut);
    else await this.#log.signal(STOP_TOPIC, turnId);
  }
}
