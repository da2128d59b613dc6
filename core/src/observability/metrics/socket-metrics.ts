import { Counter, Gauge, type Registry } from 'prom-client';
import { Sources } from './sources.ts';

/** `refused`: an error with a code of ours; `failed`: our fault; `dropped`: over the socket's budget, not even looked at. */
export type EventOutcome = 'ok' | 'refused' | 'failed' | 'dropped';

export interface SocketMetrics {
  /** `event` is one of the contract; any other name is counted as `unknown`. */
  event(event: string, outcome: EventOutcome): void;
  handshake(outcome: 'ok' | 'refused' | 'failed'): void;
  /** How many sockets are connected. */
  watch(count: () => number): () => void;
}

export function socketMetrics(registry: Registry): SocketMetrics {
  const connected = new Sources<number>();
  new Gauge({
    name: 'parley_sockets_connected',
    help: 'Sockets that are connected to this instance.',
    registers: [registry],
    collect() {
      this.set(connected.read().reduce((sum, count) => sum + count, 0));
    },
  });
  const events = new Counter({
    name: 'parley_socket_events_total',
    help: 'Events that clients sent, by how they were answered.',
    labelNames: ['event', 'outcome'],
    registers: [registry],
  });
  const handshakes = new Counter({
    name: 'parley_socket_handshakes_total',
    help: 'Attempts to connect a socket.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  return {
    event: (event, outcome) => events.inc({ event, outcome }),
    handshake: (outcome) => handshakes.inc({ outcome }),
    watch: connected.watch,
  };
}
