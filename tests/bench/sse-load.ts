import { Agent, type IncomingMessage, request as send } from 'node:http';
import { percentile } from './statistics.ts';
import { TokenCheck } from './token-check.ts';

export interface LoadOrder {
  kind: 'sse';
  port: number;
  /** Names the upstream's behaviour; see `fake-upstream.ts`. */
  model: string;
  streams: number;
  tokensPerStream: number;
  /** Each stream is followed by another one until this many have ended; absent: one each. */
  total?: number;
  /** Spread the starts over this long. */
  rampMs: number;
  keys: string[];
}
export interface LoadResult {
  tokens: number;
  streams: number;
  seconds: number;
  /** Milliseconds from request to the first token of a stream. */
  firstToken: { p50: number; p99: number };
  /** Milliseconds from upstream's write to our read. */
  latency: { p50: number; p99: number };
  faults: string[];
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
const content = /"content":"((?:[^"\\]|\\.)*)"/g;

/** Opens streams as an API client does and follows every token. */
export async function runSseLoad(order: LoadOrder): Promise<LoadResult> {
  const latencies: number[] = [];
  const firsts: number[] = [];
  const faults: string[] = [];
  const total = order.total ?? order.streams;
  let begun = 0;
  let tokens = 0;
  const started = performance.now();

  async function client(index: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, (order.rampMs * index) / order.streams));
    while (begun < total) {
      begun += 1;
      await oneStream(order, order.keys[index % order.keys.length] ?? '');
    }
  }

  async function oneStream({ port, model, tokensPerStream }: LoadOrder, key: string): Promise<void> {
    const sent = performance.now();
    const check = new TokenCheck((ms) => {
      latencies.push(ms);
      tokens += 1;
    });
    const response = await open(port, model, key);
    if (response.statusCode !== 200) {
      faults.push(`status ${response.statusCode}: ${(await readAll(response)).slice(0, 200)}`);
      return;
    }
    let isFirst = true;
    let rest = '';
    response.setEncoding('utf8');
    for await (const piece of response as AsyncIterable<string>) {
      const whole = rest + piece;
      const end = whole.lastIndexOf('\n\n') + 2;
      rest = end === 1 ? whole : whole.slice(end);
      if (end === 1) continue;
      const text = [...whole.slice(0, end).matchAll(content)].map((match) => match[1]).join('');
      if (text === '') continue;
      if (isFirst) firsts.push(performance.now() - sent);
      isFirst = false;
      check.push(text);
    }
    check.end(tokensPerStream);
    if (check.fault !== null) faults.push(check.fault);
  }

  await Promise.all(Array.from({ length: order.streams }, (_, index) => client(index)));
  return {
    tokens,
    streams: total,
    seconds: (performance.now() - started) / 1000,
    firstToken: { p50: percentile(firsts, 0.5), p99: percentile(firsts, 0.99) },
    latency: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) },
    faults: faults.slice(0, 5),
  };
}

function open(port: number, model: string, key: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Tell me something.' }] });
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      authorization: `Bearer ${key}`,
    };
    const options = { host: '127.0.0.1', port, path: '/v1/chat/completions', method: 'POST', agent, headers };
    const request = send(options, resolve);
    request.on('error', reject);
    request.end(body);
  });
}

async function readAll(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
