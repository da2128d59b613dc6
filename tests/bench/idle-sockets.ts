import type { ParleySocket } from '@parley/sdk/client';
import { connect } from './socket-load.ts';

export interface IdleOrder {
  kind: 'idle';
  url: string;
  count: number;
  cookies: string[];
}

let held: ParleySocket[] = [];

/** Opens sockets that do nothing and holds them until the next order. */
export async function holdIdleSockets(order: IdleOrder): Promise<{ open: number }> {
  for (const socket of held) socket.disconnect();
  held = [];
  for (let index = 0; index < order.count; index += 50) {
    const batch = Array.from({ length: Math.min(50, order.count - index) }, (_, at) =>
      connect(order.url, order.cookies[(index + at) % order.cookies.length]!),
    );
    held.push(...(await Promise.all(batch)));
  }
  return { open: held.length };
}
