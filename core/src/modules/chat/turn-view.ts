import type { TurnEvent, TurnFrame } from '@parley/sdk/contract';

/**
 * One viewer between "subscribed" and "caught up". Live frames are held while the past is read; on release those that
 * the past did not hold already follow, each event once and in order.
 */
export class TurnView {
  readonly #send: (frame: TurnFrame) => void;
  readonly #lastSeq = new Map<string, number>();
  #held: TurnFrame[] | null = [];

  constructor(send: (frame: TurnFrame) => void) {
    this.#send = send;
  }

  /** A frame from the feed. */
  live(frame: TurnFrame): void {
    if (this.#held !== null) this.#held.push(frame);
    else this.#forward(frame);
  }

  /** What had happened before. `afterSeq` is what the viewer says it has. */
  past(head: Omit<TurnFrame, 'events'>, afterSeq: number, events: readonly TurnEvent[]): void {
    this.#lastSeq.set(head.turnId, events.at(-1)?.seq ?? afterSeq);
    if (events.length > 0) this.#send({ ...head, events: [...events] });
  }

  /** From here on frames pass as they come. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const frame of held) this.#forward(frame);
  }

  #forward(frame: TurnFrame): void {
    const last = this.#lastSeq.get(frame.turnId) ?? 0;
    const first = frame.events[0]!.seq;
    const next = frame.events.at(-1)!.seq;
    // Of a turn that was over before this viewer came: its past is in the message.
    if (next <= last || (last === 0 && first > 1)) return;
    this.#lastSeq.set(frame.turnId, next);
    this.#send(first === last + 1 ? frame : { ...frame, events: frame.events.filter((event) => event.seq > last) });
  }
}
