/** A model server that streams: `node upstream.ts <tokens> <tokens per second, 0 for as fast as possible>`. Prints its port. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const tokens = Number(process.argv[2]);
const perSecond = Number(process.argv[3]);

function chunk(index: number): string {
  const delta = { content: ` token${index}` };
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
}

const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let sent = 0;
  const finish = (): void => void response.end('data: [DONE]\n\n');
  if (perSecond === 0) {
    const write = (): void => {
      while (sent < tokens) if (!response.write(chunk(sent++))) return void response.once('drain', write);
      finish();
    };
    write();
    return;
  }
  // Streams of real servers do not beat in time with each other.
  const everyMs = 1000 / perSecond;
  let due = performance.now() + Math.random() * everyMs;
  const tick = (): void => {
    response.write(chunk(sent++));
    if (sent >= tokens) return finish();
    due += everyMs;
    setTimeout(tick, Math.max(0, due - performance.now()));
  };
  setTimeout(tick, due - performance.now());
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
