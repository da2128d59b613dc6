import { runFloorSocketLoad, type FloorSocketOrder } from './floor-socket-load.ts';
import { holdIdleSockets, type IdleOrder } from './idle-sockets.ts';
import { runSocketLoad, type SocketOrder } from './socket-load.ts';
import { runSseLoad, type LoadOrder } from './sse-load.ts';
import { carryOutCrowd, type CrowdOrder } from '../load/crowd.ts';
import { carryOutVisits, type VisitorsOrder } from '../load/visitors.ts';

export type Order = LoadOrder | SocketOrder | FloorSocketOrder | IdleOrder | CrowdOrder | VisitorsOrder;

function carryOut(order: Order): Promise<unknown> {
  switch (order.kind) {
    case 'sse':
      return runSseLoad(order);
    case 'sockets':
      return runSocketLoad(order);
    case 'floor-sockets':
      return runFloorSocketLoad(order);
    case 'idle':
      return holdIdleSockets(order);
    case 'crowd-gather':
    case 'crowd-stream':
    case 'crowd-mark':
    case 'crowd-end':
      return carryOutCrowd(order);
    case 'visits-begin':
    case 'visits-mark':
    case 'visits-end':
    case 'ask-in-turn':
      return carryOutVisits(order);
  }
}

/** The load generator, a process of its own so that its work is nobody else's CPU. */
process.on('message', (order: Order) => {
  carryOut(order).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });
