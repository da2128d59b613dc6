import type { TurnFrame } from '@parley/sdk/contract';
import type { EventLog } from '../../ports/event-log/index.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import { RemoteTurns } from './remote-turns.ts';

type Listener = (frame: TurnFrame) => void;

interface Channel {
  listeners: Set<Listener>;
  /** Frames that other instances write in this conversation. */
  remote: Promise<() => void>;
  turns: RemoteTurns;
}

/** Brings frames to those who watch: the sockets of this instance, listeners, and through the log the other instances. */
export class TurnFeed {
  readonly #log: EventLog<TurnFrame>;
  readonly #broadcaster: Broadcaster;
  readonly #channels = new Map<string, Channel>();

  constructor(log: EventLog<TurnFrame>, broadcaster: Broadcaster) {
    this.#log = log;
    this.#broadcaster = broadcaster;
  }

  /** A frame written here. */
  publish(frame: TurnFrame): void {
    if (frame.conversationId === null) return;
    this.#log.append(frame.turnId, frame.conversationId, frame);
    this.#channels.get(frame.conversationId)?.turns.shown(frame);
    this.#fanOut(frame.conversationId, frame);
  }

  /** Nothing more will come of this turn. */
  ended(turnId: string): void {
    this.#log.end(turnId);
  }

  /** Resolves once no frame of the conversation can be missed; frames may come before that. */
  async listen(conversationId: string, listener: Listener): Promise<() => void> {
    let channel = this.#channels.get(conversationId);
    if (channel === undefined) {
      const turns = new RemoteTurns((frame) => this.#fanOut(conversationId, frame));
      const remote = this.#log.watch(conversationId, (frame) => turns.hear(frame));
      channel = { listeners: new Set(), remote, turns };
      this.#channels.set(conversationId, channel);
    }
    channel.listeners.add(listener);
    await channel.remote;
    return () => this.#leave(conversationId, channel, listener);
  }

  /** Resolves when no frame that a replay may have shown is still on its way here from another instance. */
  caughtUp(): Promise<void> {
    return this.#log.caughtUp();
  }

  /** A turn of another instance that somebody watches here, who has it up to `seq`. */
  begin(conversationId: string, turnId: string, messageId: string, seq: number): void {
    this.#channels.get(conversationId)?.turns.begin(turnId, messageId, seq);
  }

  /** One that had ended when somebody came to watch it here, who has got these last events of it, up to `seq`. */
  over(frame: TurnFrame, seq: number): void {
    if (frame.conversationId !== null) this.#channels.get(frame.conversationId)?.turns.over(frame, seq);
  }

  /** The conversations that are listened to here, with what is known of the turns of other instances. */
  *watched(): Iterable<[conversationId: string, turns: RemoteTurns]> {
    for (const [conversationId, { turns }] of this.#channels) yield [conversationId, turns];
  }

  #leave(conversationId: string, channel: Channel, listener: Listener): void {
    if (!channel.listeners.delete(listener) || channel.listeners.size > 0) return;
    this.#channels.delete(conversationId);
    void channel.remote.then((unwatch) => unwatch());
  }

  #fanOut(conversationId: string, frame: TurnFrame): void {
    this.#broadcaster.emitLocal(`conversation:${conversationId}`, 'turn:frame', frame);
    const channel = this.#channels.get(conversationId);
    if (channel === undefined) return;
    for (const listener of channel.listeners) listener(frame);
  }
}
