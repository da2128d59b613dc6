import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { ApiError, createHttpClient } from './http.ts';

const server = createServer();
afterEach(async () => {
  server.closeAllConnections();
  server.removeAllListeners('request');
  server.close();
  await once(server, 'close');
});

async function clientOfServer(onError?: (error: ApiError) => void, patienceMs?: number) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return createHttpClient({ baseUrl: `http://127.0.0.1:${port}`, onError, ...(patienceMs && { patienceMs }) });
}

test('a call that is aborted ends at once, and is no refusal', async () => {
  const onError = vi.fn<(error: ApiError) => void>();
  const http = await clientOfServer(onError);
  const asked = once(server, 'request');
  const abort = new AbortController();
  const answer = http('GET /api/credits', { signal: abort.signal });
  await asked;
  abort.abort();
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  expect(onError).not.toHaveBeenCalled();
});

test('a call without an answer is a refusal of the network', async () => {
  const onError = vi.fn<(error: ApiError) => void>();
  const http = await clientOfServer(onError);
  server.on('request', (request) => request.socket.destroy());
  await expect(http('GET /api/credits')).rejects.toBeInstanceOf(ApiError);
  expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: 'network' }));
});

test.each(['head', 'body'])('an answer whose %s never comes is none, after a while', async (part) => {
  const http = await clientOfServer(undefined, 200);
  server.on('request', (_request, response) => {
    if (part === 'body') response.writeHead(200, { 'content-type': 'application/json' }).write('{"balance":');
  });
  await expect(http('GET /api/credits')).rejects.toMatchObject({ code: 'network' });
});

test.each([200, 409])('an answer of %i that breaks off in its body is none', async (status) => {
  const http = await clientOfServer();
  server.on('request', (request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"code":"x"', () => request.socket.destroy());
  });
  await expect(http('GET /api/credits')).rejects.toMatchObject({ code: 'network' });
});
