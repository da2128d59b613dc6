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

async function clientOfServer(onError?: (error: ApiError) => void) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return createHttpClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, onError });
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
