import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * An OpenAI-like server that writes numbered, time-stamped tokens. The model's name says how: `rate-30-300` is 300 tokens at 30 a second,
 * `burst-20000` is 20,000 tokens as fast as the socket takes them, `short-8` answers eight tokens at once.
 */
const before =
  '{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"';
const after = '"},"finish_reason":null}]}';
const ending = `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":9,"total_tokens":18}}\n\ndata: [DONE]\n\n`;

interface Stream {
  response: ServerResponse;
  written: number;
  total: number;
}

/** Microseconds on the clock that all processes of this machine share. */
function nowMicros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
function tokenLine(index: number): string {
  return `data: ${before}${index}:${nowMicros().toString(36)} ${after}\n\n`;
}

const paced = new Map<number, Set<Stream>[]>();
const slotsPerPeriod = 16;

/** Streams of one rate are spread over sixteen slots of its period, so that their tokens don't come all at once. */
function pace(stream: Stream, perSecond: number): void {
  let slots = paced.get(perSecond);
  if (slots === undefined) {
    slots = Array.from({ length: slotsPerPeriod }, () => new Set<Stream>());
    paced.set(perSecond, slots);
    startPacing(slots, 1000 / perSecond / slotsPerPeriod);
  }
  // The first token goes out at once, so that the time to it is the relay's alone.
  if (writeToken(stream)) return;
  const slot = slots.toSorted((a, b) => a.size - b.size)[0]!;
  slot.add(stream);
  stream.response.on('close', () => slot.delete(stream));
}

function startPacing(slots: Set<Stream>[], stepMs: number): void {
  const started = performance.now();
  let step = 0;
  setInterval(
    () => {
      const due = Math.floor((performance.now() - started) / stepMs);
      for (; step < due; step += 1) {
        const slot = slots[step % slotsPerPeriod]!;
        for (const stream of slot) if (writeToken(stream)) slot.delete(stream);
      }
    },
    Math.max(1, stepMs),
  );
}

function writeToken(stream: Stream): boolean {
  stream.response.write(tokenLine(stream.written));
  stream.written += 1;
  if (stream.written < stream.total) return false;
  stream.response.end(ending);
  return true;
}

function burst(stream: Stream): void {
  while (stream.written < stream.total && !stream.response.destroyed) {
    const lines: string[] = [];
    for (let count = 0; count < 16 && stream.written < stream.total; count += 1) {
      lines.push(tokenLine(stream.written));
      stream.written += 1;
    }
    if (!stream.response.write(lines.join(''))) {
      stream.response.once('drain', () => burst(stream));
      return;
    }
  }
  stream.response.end(ending);
}

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (text: string) => (body += text));
  request.on('end', () => {
    const [kind, ...numbers] = (/"model":"([^"]+)"/.exec(body)?.[1] ?? '').split('-');
    const [first = 1, second = 1] = numbers.map(Number);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    if (kind === 'rate') pace({ response, written: 0, total: second }, first);
    else if (kind === 'burst') burst({ response, written: 0, total: first });
    else response.end(Array.from({ length: first }, (_, index) => tokenLine(index)).join('') + ending);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', 65_535, () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));
