import type { Socket } from 'socket.io';
import type { Caller } from '../http/caller.ts';
import { EventBudget } from './event-budget.ts';
import type { RoomMember } from './socket-route.ts';

/** All that is kept for a socket. Methods stand on the class: an idle socket costs no closures. */
export class SocketMember implements RoomMember {
  readonly caller: Caller;
  readonly budget = new EventBudget();
  readonly #socket: Socket;

  constructor(socket: Socket, caller: Caller) {
    this.#socket = socket;
    this.caller = caller;
  }
  get id(): string {
    return this.#socket.id;
  }
  join(room: string): void {
    // The adapters we use join at once; the promise is there for others.
    void this.#socket.join(room);
  }
  leave(room: string): void {
    void this.#socket.leave(room);
  }
  emit(event: string, payload: unknown): void {
    this.#socket.emit(event, payload);
  }
  isConnected(): boolean {
    return this.#socket.connected;
  }
  end(): void {
    this.#socket.disconnect(true);
  }
}

/** Undefined until the handshake has been accepted. */
export function memberOf(socket: Socket): SocketMember | undefined {
  return socket.data as SocketMember | undefined;
}
