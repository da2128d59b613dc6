import type { ClientEventName, ClientEventResults, clientEvents } from '@parley/sdk/contract';
import type { z } from 'zod';
import type { Caller } from '../http/caller.ts';

/** The socket as a gateway may use it. */
export interface RoomMember {
  id: string;
  join(room: string): void;
  leave(room: string): void;
  /** To this socket alone. */
  emit(event: string, payload: unknown): void;
  isConnected(): boolean;
}

export interface SocketRoute {
  event: ClientEventName;
  options: {
    limit?: string;
    /** What an API key must hold; absent: keys are refused, only a session will do. */
    scope?: 'chat' | 'read' | 'write';
  };
  handle(input: { caller: Caller; socket: RoomMember; body: unknown }): Promise<unknown>;
}

/** One client event of the contract and who serves it. Parsing, limits and the ack are the server's. */
export function socketRoute<K extends ClientEventName>(
  event: K,
  options: SocketRoute['options'],
  handle: (input: {
    caller: Caller;
    socket: RoomMember;
    body: z.output<(typeof clientEvents)[K]>;
  }) => Promise<ClientEventResults[K]>,
): SocketRoute {
  return { event, options, handle };
}
