import type { TurnFrame } from '@parley/sdk/contract';
import { isLastEvent } from './turn.ts';

interface Followed {
  messageId: string;
  /** Of the last event that was shown here. */
  seq: number;
  heardAt: number;
  wasShown: boolean;
  isOver: boolean;
  /** Its end was found before its instance has said so, which it may never do. */
  isUntold: boolean;
  /** Frames behind a hole: they are shown when it is filled. */
  held: TurnFrame[];
}

/**
 * The turns of one conversation that other instances write, as they are shown here: every event once and in order. Word of them may
 * be lost; then what follows is held until `fillIn` brings what is missing.
 */
export class RemoteTurns {
  readonly #turns = new Map<string, Followed>();
  readonly #show: (frame: TurnFrame) => void;

  constructor(show: (frame: TurnFrame) => void) {
    this.#show = show;
  }

  /** A frame of another instance. */
  hear(frame: TurnFrame): void {
    // Whoever begins to listen in mid-turn has its past from elsewhere.
    const turn = this.#follow(frame.turnId, frame.messageId, frame.events[0]!.seq - 1);
    turn.heardAt = performance.now();
    if (isLastEvent(frame.events.at(-1)!)) turn.isUntold = false;
    turn.held.push(frame);
    this.#release(turn);
  }

  /** There is such a turn, and those who watch it have it up to here. Says nothing of a turn that was shown already. */
  begin(turnId: string, messageId: string, seq: number): void {
    const turn = this.#follow(turnId, messageId, seq);
    if (!turn.wasShown) turn.seq = Math.max(turn.seq, seq);
  }

  /**
   * It is over, although its instance may not have said so yet, and whoever has just come has these last events of it, up to `seq`.
   * Those who watched already get them now.
   */
  over(frame: TurnFrame, seq: number): void {
    const turn = this.#turns.get(frame.turnId);
    if (turn === undefined) this.#follow(frame.turnId, frame.messageId, seq).isOver = true;
    else if (!turn.isOver && frame.events.length > 0) {
      turn.isUntold = true;
      this.fillIn(frame);
    }
  }
  /** Its end is known to all who watch. */
  told(turnId: string): void {
    const turn = this.#turns.get(turnId);
    if (turn !== undefined) turn.isUntold = false;
  }

  /** Shown by this instance itself, which has taken the turn over. */
  shown({ turnId, events }: TurnFrame): void {
    const turn = this.#turns.get(turnId);
    if (turn === undefined) return;
    const last = events.at(-1)!;
    Object.assign(turn, { seq: last.seq, wasShown: true, isOver: isLastEvent(last), held: [] });
  }

  /** Turns whose story has a hole or an end that nobody told, or of which nothing was heard for so long. */
  unsure(silentMs: number): { turnId: string; seq: number }[] {
    const before = performance.now() - silentMs;
    return [...this.#turns]
      .filter(([, { isOver, isUntold, held, heardAt }]) =>
        isOver ? isUntold && heardAt < before : held.length > 0 || heardAt < before,
      )
      .map(([turnId, { seq }]) => ({ turnId, seq }));
  }

  /** What was read again: the events that follow those shown, or a snapshot and what follows it. */
  fillIn(frame: TurnFrame): void {
    const turn = this.#turns.get(frame.turnId);
    if (turn === undefined) return;
    turn.held.unshift(frame);
    this.#release(turn);
  }

  forget(turnId: string): void {
    this.#turns.delete(turnId);
  }

  #follow(turnId: string, messageId: string, seq: number): Followed {
    let turn = this.#turns.get(turnId);
    if (turn === undefined) {
      turn = { messageId, seq, heardAt: performance.now(), wasShown: false, isOver: false, isUntold: false, held: [] };
      this.#turns.set(turnId, turn);
    }
    return turn;
  }

  #release(turn: Followed): void {
    for (let frame = turn.held[0]; frame !== undefined; frame = turn.held[0]) {
      const { seq } = turn;
      const news = frame.events[0]!.seq > seq ? frame.events : frame.events.filter((event) => event.seq > seq);
      const [first] = news;
      // A snapshot stands for all that was before it.
      if (first !== undefined && first.seq !== seq + 1 && first.type !== 'snapshot') return;
      turn.held.shift();
      if (first === undefined) continue;
      const last = news.at(-1)!;
      turn.seq = last.seq;
      turn.wasShown = true;
      turn.isOver = isLastEvent(last);
      this.#show(news === frame.events ? frame : { ...frame, events: news });
    }
  }
}
