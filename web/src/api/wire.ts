import type { HttpClient } from '@parley/sdk/client';
import type { ClientEventInput, ClientEventName, ClientEventResults, ServerToClientEvents } from '@parley/sdk/contract';

/** All that shared state and features need of the network. The page gives its own; tests script one. */
export interface Wire {
  readonly http: HttpClient;
  /** Whether an event sent now would arrive. */
  readonly connected: boolean;
  /** Sends a socket event and waits for its ack; throws an `ApiError`. */
  ask<K extends ClientEventName>(event: K, input: ClientEventInput<K>): Promise<ClientEventResults[K]>;
  on<E extends keyof ServerToClientEvents>(event: E, listener: ServerToClientEvents[E]): () => void;
  /** Hears of each (re)connection. */
  onConnect(listener: () => void): () => void;
}

/** For what is read once and then follows events. */
export type FollowingWire = Pick<Wire, 'http' | 'on' | 'onConnect'>;
