import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeServer, listen } from '../../http/listen.ts';
import { createLimiter } from '../../http/middleware/rate-limit.ts';
import { createHttpServer } from '../../http/server.ts';
import { createLogger } from '../../observability/logger.ts';
import { createMetrics } from '../../observability/metrics.ts';
import { createMemoryRateWindow } from '../../ports/rate-window/index.ts';
import { noTracer } from '../../observability/tracing/tracer.ts';
import { createOpenAiApi, type OpenAiApiDeps } from './index.ts';

let isStopping = false;
let url: string;
const undo = new AsyncDisposableStack();

beforeAll(async () => {
  const log = createLogger({ level: 'silent' });
  const metrics = createMetrics();
  const limiter = createLimiter({ window: createMemoryRateWindow() });
  const authenticator: OpenAiApiDeps['authenticator'] = {
    apiKey: async () => null,
    session: async () => null,
    ended: async () => [],
  };
  const unreached = {} as Pick<OpenAiApiDeps, 'complete' | 'limits' | 'models'>;
  const api = createOpenAiApi({ ...unreached, authenticator, limiter, log });
  undo.defer(() => metrics.stop());
  const koa = createHttpServer({
    contract: {},
    routes: [],
    mounts: api.mounts,
    authenticator,
    limiter,
    log,
    publicUrl: null,
    trustedProxies: [],
    webFolder: '/nowhere',
    version: '0.0.0',
    role: 'all',
    health: () => [],
    metrics,
    metricsToken: null,
    tracer: noTracer,
    isDraining: () => isStopping,
    isStopping: () => isStopping,
  });
  const handle = koa.callback();
  const server = createServer((request, response) => void handle(request, response));
  url = `http://127.0.0.1:${await listen(server, '127.0.0.1', 0)}`;
  undo.defer(() => closeServer(server, 0));
  undo.defer(() => api.stop());
});
afterAll(() => undo.disposeAsync());

describe('what the server itself refuses below /v1 is told in the words of OpenAI', () => {
  test('a foreign origin', async () => {
    const headers = { origin: 'https://evil.example', 'content-type': 'application/json' };
    const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await answer.json()).toEqual({
      error: { message: expect.any(String), type: 'invalid_request_error', param: null, code: 'origin.refused' },
    });
  });

  test('that it is about to stop, with the time after which to try again', async () => {
    isStopping = true;
    for (const path of ['/v1/models', '/v1/chat/completions', '/v1']) {
      const answer = await fetch(url + path, { headers: { authorization: 'Bearer parley_x' } });
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await answer.json()).toMatchObject({ error: { type: 'server_error', code: 'server.stopping' } });
    }
    const elsewhere = await fetch(`${url}/api/me`);
    expect(elsewhere.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });
});
