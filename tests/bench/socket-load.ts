import { createSocket, emitWithAck, type ParleySocket } from '@parley/sdk/client';
import type { LoadResult } from './sse-load.ts';
import { percentile } from './statistics.ts';
import { TokenCheck } from './token-check.ts';

export interface SocketOrder {
  kind: 'sockets';
  url: string;
  model: string;
  streams: number;
  tokensPerStream: number;
  rampMs: number;
  /** Session cookies, with the conversations their users own. */
  people: { cookie: string; conversations: string[] }[];
}

/** One stream per conversation, followed as a browser does: join, send, frames until the last event. */
export async function runSocketLoad(order: SocketOrder): Promise<LoadResult> {
  const latencies: number[] = [];
  const firsts: number[] = [];
  const faults: string[] = [];
  let tokens = 0;
  // A second tab for nobody before everybody has one, as keys are shared out by the other load.
  const tabs = Math.ceil(order.streams / order.people.length);
  const places = Array.from({ length: tabs }, (_, tab) =>
    order.people.map(({ cookie, conversations }) => ({ cookie, conversationId: conversations[tab]! })),
  ).flat();
  const sockets = await Promise.all(
    places.slice(0, order.streams).map(async (place) => ({ ...place, socket: await connect(order.url, place.cookie) })),
  );
  const started = performance.now();

  async function follow(socket: ParleySocket, conversationId: string, index: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, (order.rampMs * index) / order.streams));
    const sent = performance.now();
    let isFirst = true;
    const check = new TokenCheck((ms) => {
      latencies.push(ms);
      tokens += 1;
    });
    await emitWithAck(socket, 'conversation:join', { conversationId });
    const ended = new Promise<string | null>((resolve) => {
      socket.on('turn:frame', (frame) => {
        for (const event of frame.events) {
          if (event.type === 'text') {
            if (isFirst) firsts.push(performance.now() - sent);
            isFirst = false;
            check.push(event.text);
          }
          if (event.type === 'completed') resolve(null);
          if (event.type === 'failed') resolve(event.failure.code);
          if (event.type === 'interrupted' || event.type === 'stopped') resolve(event.type);
        }
      });
    });
    await emitWithAck(socket, 'chat:send', {
      conversationId,
      clientTurnId: crypto.randomUUID(),
      text: 'Tell me something.',
      model: order.model,
    });
    const fault = await ended;
    check.end(order.tokensPerStream);
    if ((fault ?? check.fault) !== null) faults.push((fault ?? check.fault)!);
  }

  await Promise.all(
    sockets.map(({ socket, conversationId }, index) =>
      // A refusal is a result, and no reason to lose all others.
      follow(socket, conversationId, index).catch((error: unknown) => void faults.push(String(error))),
    ),
  );
  const seconds = (performance.now() - started) / 1000;
  for (const { socket } of sockets) socket.disconnect();
  return {
    tokens,
    streams: sockets.length,
    seconds,
    firstToken: { p50: percentile(firsts, 0.5), p99: percentile(firsts, 0.99) },
    latency: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) },
    faults: faults.slice(0, 5),
  };
}

export async function connect(url: string, cookie: string): Promise<ParleySocket> {
  const socket = createSocket(url, { transports: ['websocket'], extraHeaders: { cookie }, forceNew: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}
