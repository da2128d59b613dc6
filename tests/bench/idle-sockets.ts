import type { Socket } from 'socket.io-client';
import { connectFloor } from './floor-socket-load.ts';
import { connect } from './socket-load.ts';

export type IdleOrder = { kind: 'idle'; count: number } & ({ url: string; cookies: string[] } | { floorPort: number });

let held: Pick<Socket, 'disconnect'>[] = [];

/** Opens sockets that do nothing and holds them until the next order. */
export async function holdIdleSockets(order: IdleOrder): Promise<{ open: number }> {
  for (const socket of held) socket.disconnect();
  held = [];
  const open = (at: number) =>
    'floorPort' in order
      ? connectFloor(order.floorPort)
      : connect(order.url, order.cookies[at % order.cookies.length]!);
  for (let index = 0; index < order.count; index += 50) {
    const batch = Array.from({ length: Math.min(50, order.count - index) }, (_, at) => open(index + at));
    held.push(...(await Promise.all(batch)));
  }
  return { open: held.length };
}
