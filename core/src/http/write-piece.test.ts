import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writePiece } from './write-piece.ts';

const pieces = ['one', '', 'zwei äöü', '三 😀', 'x'.repeat(100_000), 'end'];
let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url !== '/b') response.flushHeaders();
    for (const piece of pieces) writePiece(response, piece);
    response.end(request.url);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

async function send(raw: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(raw);
  return textOf(socket);
}

test('pieces arrive whole and in order, with or behind the headers, and the connection serves the next request', async () => {
  for (const path of ['/a', '/b']) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    expect(await response.text()).toBe(`${pieces.join('')}${path}`);
  }
});

test('a client of HTTP/1.0 gets them without frames', async () => {
  const answer = await send('GET /old HTTP/1.0\r\n\r\n');
  expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe(`${pieces.join('')}/old`);
});

test('an answer that waits behind another on the same connection comes after it', async () => {
  const request = (path: string, rest = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${rest}\r\n`;
  const answers = await send(request('/first') + request('/second', 'Connection: close\r\n'));
  expect(answers.match(/HTTP\/1\.1 200 OK|\/first|\/second/g)).toEqual([
    'HTTP/1.1 200 OK',
    '/first',
    'HTTP/1.1 200 OK',
    '/second',
  ]);
});
