import type { ServerToClientEvents } from '@parley/sdk/contract';

type Payload<K extends keyof ServerToClientEvents> = Parameters<ServerToClientEvents[K]>[0];

/** Rooms are `user:<id>` (every tab and device of a user), `conversation:<id>` (those who watch it) and `everyone`. */
export type Room = `user:${string}` | `conversation:${string}` | 'everyone';

/** What modules use to tell browsers something; implemented by the realtime server on every instance. */
export interface Broadcaster {
  emit<K extends keyof ServerToClientEvents>(room: Room, event: K, payload: Payload<K>): void;
  /** Only to sockets on this instance; for frames that every instance fans out by itself. */
  emitLocal<K extends keyof ServerToClientEvents>(room: Room, event: K, payload: Payload<K>): void;
  /**
   * Ends the sockets of these sessions (all of the user's when none are named) and tells them why. Who awaits it goes on when it is on
   * its way to the other instances too, or cannot get there in time; it never rejects.
   */
  disconnect(
    userId: string,
    sessionIds?: readonly string[],
    reason?: 'signed-out' | 'password-changed' | 'revoked' | 'suspended',
  ): Promise<void>;
}
