import { SvelteMap } from 'svelte/reactivity';
import type { Message, Turn, TurnFrame } from '@parley/sdk/contract';
import { LiveView } from '../stream/live-view.svelte.ts';
import { isFinal, type LiveReply } from '../stream/turn-reducer.ts';
import { LiveReplies } from './live-replies.ts';

export interface LiveViewsPorts {
  /** Events are missing. */
  gap(turnId: string): void;
  /** For announcements: another state, or more text. */
  moved(reply: LiveReply): void;
  grew(reply: LiveReply): void;
}

/** The running replies of a conversation as the screen sees them. */
export class LiveViews {
  readonly #views = new SvelteMap<string, LiveView>();
  readonly #replies: LiveReplies;
  readonly #states = new Map<string, string>();

  constructor(ports: LiveViewsPorts) {
    this.#replies = new LiveReplies({
      gap: (turnId) => ports.gap(turnId),
      changed: (reply) => {
        this.#draw(reply);
        const state = reply.state === 'running' && reply.text === '' ? 'thinking' : reply.state;
        if (this.#states.get(reply.turnId) === state) return ports.grew(reply);
        this.#states.set(reply.turnId, state);
        ports.moved(reply);
      },
    });
  }

  /** Open turns, oldest first. */
  get open(): LiveView[] {
    return [...this.#views.values()].filter((view) => !isFinal(view.state));
  }

  of(message: Message): LiveView | undefined {
    return message.turnId === null ? undefined : this.#views.get(message.turnId);
  }

  reply(turnId: string): LiveReply | undefined {
    return this.#replies.get(turnId);
  }

  track(turn: Pick<Turn, 'id' | 'messageId' | 'state'> & Partial<Pick<Turn, 'createdAt'>>): void {
    if (isFinal(turn.state)) return;
    this.#replies.track(turn.id, turn.messageId, turn.state);
    if (turn.createdAt !== undefined) this.#views.get(turn.id)?.begunAt(turn.createdAt);
  }

  take(frame: TurnFrame): void {
    this.#replies.take(frame);
  }

  places(): { turnId: string; afterSeq: number }[] {
    return this.#replies.places();
  }

  /** The turn is over and its message holds all there is. */
  close(turnId: string): void {
    this.#views.get(turnId)?.settle();
    this.#views.delete(turnId);
    this.#states.delete(turnId);
    this.#replies.forget(turnId);
  }

  #draw(reply: LiveReply): void {
    for (const [turnId, view] of this.#views) {
      if (view.messageId === reply.messageId && turnId !== reply.turnId) this.#views.delete(turnId);
    }
    const view = this.#views.get(reply.turnId);
    if (view === undefined) this.#views.set(reply.turnId, new LiveView(reply));
    else view.take(reply);
  }
}
