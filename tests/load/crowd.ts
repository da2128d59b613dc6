import { setTimeout as delay } from 'node:timers/promises';
import { emitWithAck, type ParleySocket } from '@parley/sdk/client';
import { connect } from '../bench/socket-load.ts';
import { percentile } from '../bench/statistics.ts';
import { TokenCheck } from '../bench/token-check.ts';

export type CrowdOrder =
  | { kind: 'crowd-gather'; url: string; people: { cookie: string; chatId: string }[] }
  | { kind: 'crowd-stream'; model: string; streams: number; tokensPerStream: number; rampMs: number }
  | { kind: 'crowd-mark' }
  | { kind: 'crowd-end' };

/** Since the last mark. */
export interface CrowdWindow {
  deltas: number;
  /** Streams that ended. */
  streams: number;
  firstToken: { p50: number; p95: number };
  latency: { p50: number; p95: number };
  faults: string[];
  /** Since the beginning. */
  sockets: { connected: number; lost: number };
}

interface Member {
  socket: ParleySocket;
  chatId: string;
}

let members: Member[] = [];
const lost = new Set<ParleySocket>();
let window = newWindow();
let over = new AbortController();
let lanes: Promise<unknown> = Promise.resolve();

/** People with a socket each, of whom so many at a time are answered. */
export async function carryOutCrowd(order: CrowdOrder): Promise<CrowdWindow | null> {
  switch (order.kind) {
    case 'crowd-gather':
      await gather(order);
      return null;
    case 'crowd-stream':
      over = new AbortController();
      lanes = startLanes(order);
      await delay(order.rampMs);
      return null;
    case 'crowd-mark':
      return take();
    case 'crowd-end': {
      over.abort();
      await lanes;
      const last = take();
      for (const { socket } of members) socket.removeAllListeners('disconnect').disconnect();
      members = [];
      lost.clear();
      return last;
    }
  }
}

async function gather({ url, people }: Extract<CrowdOrder, { kind: 'crowd-gather' }>): Promise<void> {
  for (let at = 0; at < people.length; at += 50) {
    const batch = people.slice(at, at + 50).map(async ({ cookie, chatId }) => {
      const socket = await connect(url, cookie);
      socket.on('disconnect', () => lost.add(socket));
      await emitWithAck(socket, 'conversation:join', { conversationId: chatId });
      return { socket, chatId };
    });
    members.push(...(await Promise.all(batch)));
  }
}

/** A lane is one stream after another, each of another person; a lane's people are nobody else's. */
async function startLanes(order: Extract<CrowdOrder, { kind: 'crowd-stream' }>): Promise<void> {
  const runLane = async (lane: number) => {
    await delay((order.rampMs * lane) / order.streams);
    const turns = members.filter((_, at) => at % order.streams === lane);
    for (let turn = 0; !over.signal.aborted; turn += 1) {
      const fault = await follow(turns[turn % turns.length]!, order).catch(String);
      window.streams += 1;
      if (fault === null) continue;
      window.faults.push(fault);
      // A refusal comes at once, and asking again at once would be a load of its own.
      await delay(1_000);
    }
  };
  await Promise.all(Array.from({ length: order.streams }, (_, lane) => runLane(lane)));
}

async function follow(
  { socket, chatId }: Member,
  { model, tokensPerStream }: { model: string; tokensPerStream: number },
): Promise<string | null> {
  if (!socket.connected) return 'its socket is not connected';
  const sent = performance.now();
  let isFirst = true;
  const check = new TokenCheck((ms) => {
    window.latencies.push(ms);
    window.deltas += 1;
  });
  let onLost = () => {};
  const ended = new Promise<string | null>((resolve) => {
    onLost = () => resolve('its socket was lost');
    socket.once('disconnect', onLost);
    socket.on('turn:frame', (frame) => {
      for (const event of frame.events) {
        if (event.type === 'text') {
          if (isFirst) window.firsts.push(performance.now() - sent);
          isFirst = false;
          check.push(event.text);
        }
        if (event.type === 'completed') resolve(null);
        if (event.type === 'failed') resolve(event.failure.code);
        if (event.type === 'interrupted' || event.type === 'stopped') resolve(event.type);
      }
    });
  });
  try {
    await emitWithAck(socket, 'chat:send', {
      conversationId: chatId,
      clientTurnId: crypto.randomUUID(),
      text: 'Tell me something.',
      model,
    });
    const fault = await ended;
    check.end(tokensPerStream);
    return fault ?? check.fault;
  } finally {
    socket.removeAllListeners('turn:frame').off('disconnect', onLost);
  }
}

function newWindow() {
  return { deltas: 0, streams: 0, firsts: [] as number[], latencies: [] as number[], faults: [] as string[] };
}

function take(): CrowdWindow {
  const { deltas, streams, firsts, latencies, faults } = window;
  window = newWindow();
  return {
    deltas,
    streams,
    firstToken: { p50: percentile(firsts, 0.5), p95: percentile(firsts, 0.95) },
    latency: { p50: percentile(latencies, 0.5), p95: percentile(latencies, 0.95) },
    faults,
    sockets: { connected: members.length, lost: lost.size },
  };
}
