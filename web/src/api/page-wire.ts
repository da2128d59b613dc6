import { http } from './http.ts';
import { ask, socket } from './socket.ts';
import type { Wire } from './wire.ts';

type Listener = (...args: never[]) => void;
/** socket.io can't type `on` for an event name that is itself a parameter; this is the one place that bridges it. */
interface UntypedListening {
  on(event: string, listener: Listener): void;
  off(event: string, listener: Listener): void;
}

function listen(event: string, listener: Listener): () => void {
  const listening = socket as unknown as UntypedListening;
  listening.on(event, listener);
  return () => listening.off(event, listener);
}

export const pageWire: Wire = {
  http,
  ask: (event, input) => ask(event, input),
  on: listen,
  onConnect: (listener) => listen('connect', listener),
  get connected() {
    return socket.connected;
  },
};
