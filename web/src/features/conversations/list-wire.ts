import type { HttpClient } from '@parley/sdk/client';
import type { ServerToClientEvents } from '@parley/sdk/contract';
import { http } from '../../api/http.ts';
import { socket } from '../../api/socket.ts';

type Heard = Pick<
  ServerToClientEvents,
  'conversation:created' | 'conversation:changed' | 'conversation:deleted' | 'turn:opened' | 'turn:closed'
>;

/** All the list needs of the network. */
export interface ListWire {
  readonly http: HttpClient;
  on<E extends keyof Heard>(event: E, listener: Heard[E]): () => void;
  onConnect(listener: () => void): () => void;
}

/** socket.io can't type `on` for an event name that is itself a parameter; this is the one place that bridges it. */
interface UntypedListening {
  on(event: string, listener: (...args: never[]) => void): void;
  off(event: string, listener: (...args: never[]) => void): void;
}
function listen(event: string, listener: (...args: never[]) => void): () => void {
  const listening = socket as unknown as UntypedListening;
  listening.on(event, listener);
  return () => listening.off(event, listener);
}

export const listWire: ListWire = { http, on: listen, onConnect: (listener) => listen('connect', listener) };
