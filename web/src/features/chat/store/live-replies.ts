import type { TurnFrame, TurnState } from '@parley/sdk/contract';
import { isFinal, reduceFrame, startReply, type LiveReply } from '../stream/turn-reducer.ts';

/** Frames can overtake the answer that names their turn. More than this many is no race but a mistake. */
const maxEarlyFrames = 200;

export interface LiveListener {
  changed(reply: LiveReply): void;
  /** Events are missing; join again. */
  gap(turnId: string): void;
}

/** The turns of one conversation that are current, each with its reply so far. Knows no screen. */
export class LiveReplies {
  readonly #replies = new Map<string, LiveReply>();
  #early: TurnFrame[] = [];
  readonly #listener: LiveListener;

  constructor(listener: LiveListener) {
    this.#listener = listener;
  }

  get(turnId: string): LiveReply | undefined {
    return this.#replies.get(turnId);
  }

  /** Makes a turn current; an older turn of the same message is history from now on. */
  track(turnId: string, messageId: string, state: TurnState): void {
    if (this.#replies.has(turnId)) return;
    for (const reply of this.#replies.values()) {
      if (reply.messageId === messageId) this.#replies.delete(reply.turnId);
    }
    const reply = startReply(turnId, messageId, state);
    this.#replies.set(turnId, reply);
    this.#listener.changed(reply);
    const early = this.#early.filter((frame) => frame.turnId === turnId);
    this.#early = this.#early.filter((frame) => frame.turnId !== turnId);
    for (const frame of early) this.take(frame);
  }

  forget(turnId: string): void {
    this.#replies.delete(turnId);
    this.#early = this.#early.filter((frame) => frame.turnId !== turnId);
  }

  take(frame: TurnFrame): void {
    const reply = this.#replies.get(frame.turnId);
    if (reply === undefined) {
      this.#early = [...this.#early.slice(1 - maxEarlyFrames), frame];
      return;
    }
    const reduction = reduceFrame(reply, frame);
    if (reduction.reply !== reply) {
      this.#replies.set(frame.turnId, reduction.reply);
      this.#listener.changed(reduction.reply);
    }
    if (reduction.outcome === 'gap') this.#listener.gap(frame.turnId);
  }

  /** What a join names, so that the server sends exactly what is missing. A reply without any event asks for all of it. */
  places(): { turnId: string; afterSeq: number }[] {
    return [...this.#replies.values()]
      .filter((reply) => !isFinal(reply.state) && reply.lastSeq > 0)
      .map(({ turnId, lastSeq }) => ({ turnId, afterSeq: lastSeq }));
  }
}
