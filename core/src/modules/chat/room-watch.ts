import type { RoomMember } from '../../realtime/socket-route.ts';
import type { TurnFeed } from './turn-feed.ts';

interface Room {
  /** By the socket's id: a socket may come in as another object each time. */
  members: Map<string, RoomMember>;
  leave: () => void;
}

const SWEEP_MS = 30_000;

/** Keeps the feed of a conversation open as long as a socket of this instance is in its room. */
export class RoomWatch {
  readonly #feed: TurnFeed;
  readonly #rooms = new Map<string, Room>();
  #timer: NodeJS.Timeout | undefined;

  constructor(feed: TurnFeed) {
    this.#feed = feed;
  }

  start(): void {
    // A socket that goes away tells its rooms, not us.
    this.#timer ??= setInterval(() => this.#sweep(), SWEEP_MS);
    this.#timer.unref();
  }
  stop(): void {
    clearInterval(this.#timer);
    for (const room of this.#rooms.values()) room.leave();
    this.#rooms.clear();
  }

  async join(conversationId: string, member: RoomMember): Promise<void> {
    const leave = await this.#feed.listen(conversationId, () => undefined);
    const room = this.#rooms.get(conversationId);
    if (room === undefined) this.#rooms.set(conversationId, { members: new Map([[member.id, member]]), leave });
    else {
      room.members.set(member.id, member);
      leave();
    }
  }

  leave(conversationId: string, member: RoomMember): void {
    const room = this.#rooms.get(conversationId);
    if (room === undefined) return;
    room.members.delete(member.id);
    this.#closeIfEmpty(conversationId, room);
  }

  #sweep(): void {
    for (const [conversationId, room] of this.#rooms) {
      for (const [id, member] of room.members) if (!member.isConnected()) room.members.delete(id);
      this.#closeIfEmpty(conversationId, room);
    }
  }

  #closeIfEmpty(conversationId: string, room: Room): void {
    if (room.members.size > 0) return;
    this.#rooms.delete(conversationId);
    room.leave();
  }
}
