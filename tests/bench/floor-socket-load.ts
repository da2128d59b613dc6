import { io, type Socket } from 'socket.io-client';
import type { LoadResult } from './sse-load.ts';
import { percentile } from './statistics.ts';
import { TokenCheck } from './token-check.ts';

export interface FloorSocketOrder {
  kind: 'floor-sockets';
  port: number;
  model: string;
  streams: number;
  tokensPerStream: number;
  rampMs: number;
}

/** As `socket-load.ts`, against the bare emitter. */
export async function runFloorSocketLoad(order: FloorSocketOrder): Promise<LoadResult> {
  const latencies: number[] = [];
  const firsts: number[] = [];
  const faults: string[] = [];
  let tokens = 0;
  const sockets = await Promise.all(Array.from({ length: order.streams }, () => connectFloor(order.port)));
  const started = performance.now();
  await Promise.all(
    sockets.map(async (socket, index) => {
      await new Promise((resolve) => setTimeout(resolve, (order.rampMs * index) / order.streams));
      const sent = performance.now();
      const check = new TokenCheck((ms) => {
        latencies.push(ms);
        tokens += 1;
      });
      const ended = new Promise<void>((resolve) => socket.on('end', resolve));
      socket.once('delta', () => firsts.push(performance.now() - sent));
      socket.on('delta', (text: string) => check.push(text));
      socket.emit('start', order.model);
      await ended;
      check.end(order.tokensPerStream);
      if (check.fault !== null) faults.push(check.fault);
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  for (const socket of sockets) socket.disconnect();
  return {
    tokens,
    streams: sockets.length,
    seconds,
    firstToken: { p50: percentile(firsts, 0.5), p99: percentile(firsts, 0.99) },
    latency: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) },
    faults: faults.slice(0, 5),
  };
}

export function connectFloor(port: number): Promise<Socket> {
  const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });
}
