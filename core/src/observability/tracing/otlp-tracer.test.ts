import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { emitWithAck } from '@parley/sdk/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Config } from '../../config/config.ts';
import { closeServer, listen } from '../../http/listen.ts';
import { createTestApp, type TestApp } from '../../testing/create-test-app.ts';
import { eventually } from '../../testing/eventually.ts';
import type { TestUser } from '../../testing/factories/users.ts';
import { createOtlpTracer } from './otlp-tracer.ts';
import { createLogger } from '../logger.ts';

interface SentSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  status: { code?: number; message?: string };
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[];
}

const spans: SentSpan[] = [];
const received: IncomingHttpHeaders[] = [];
const lines: Record<string, unknown>[] = [];
const undo = new AsyncDisposableStack();
let tracing: Config['tracing'];
let parley: TestApp;
let user: TestUser;

/** A collector as OTLP/HTTP describes it, which keeps what it is sent. */
beforeAll(async () => {
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push(request.headers);
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[];
      };
      if (request.url === '/v1/traces') {
        spans.push(...body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  const port = await listen(collector, '127.0.0.1', 0);
  undo.defer(() => closeServer(collector, 0));
  const headers = { 'x-key': 'of the collector' };
  tracing = { endpoint: `http://127.0.0.1:${port}`, headers, serviceName: 'parley', sampleRatio: 1 };
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  parley = await createTestApp({
    log: createLogger({ level: 'debug', destination: { write } }),
    config: {
      server: { trustedProxies: ['127.0.0.1'] },
      tracing,
    },
  });
  undo.defer(() => parley.stop());
  user = await parley.users.create();
});
afterAll(() => undo.disposeAsync());

const named = (traceId: string, name: string) => spans.filter((span) => span.traceId === traceId && span.name === name);
const attribute = (span: SentSpan, key: string) => {
  const value = span.attributes.find((one) => one.key === key)?.value;
  return value?.stringValue ?? value?.intValue;
};

async function send(text: string, headers: Record<string, string> = {}): Promise<string> {
  const { id } = await parley.http(user)('POST /api/conversations', { body: {} });
  const response = await fetch(`${parley.url}/api/conversations/${id}/turns`, {
    method: 'POST',
    headers: { cookie: user.cookie, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ text, clientTurnId: randomUUID() }),
  });
  const { turn } = (await response.json()) as { turn: { id: string } };
  return turn.id;
}

async function turnSpan(turnId: string): Promise<SentSpan> {
  const find = () => spans.find((span) => span.name === 'turn' && attribute(span, 'parley.turn.id') === turnId);
  await eventually(find).toBeDefined();
  return find()!;
}

describe('a turn', () => {
  test('is one tree: request, turn, and below it hooks, the provider and the settling', async () => {
    const turnId = await send('/long 20');
    const turn = await turnSpan(turnId);
    const { traceId } = turn;
    await eventually(() => named(traceId, 'settle').length).toBe(1);
    const route = 'POST /api/conversations/:id/turns';
    await eventually(() => named(traceId, route).length).toBe(1);

    const [request] = named(traceId, route);
    expect(request!.parentSpanId ?? '').toBe('');
    expect(attribute(request!, 'http.response.status_code')).toBe(201);
    expect(attribute(request!, 'user.id')).toBe(user.id);
    expect(turn.parentSpanId).toBe(request!.spanId);
    for (const name of ['hook', 'provider', 'settle']) {
      expect(named(traceId, name).length, name).toBeGreaterThan(0);
      for (const span of named(traceId, name)) expect(span.parentSpanId, name).toBe(turn.spanId);
    }
    expect(attribute(turn, 'parley.turn.state')).toBe('completed');
    expect(received[0]).toMatchObject({ 'x-key': 'of the collector' });
  });

  test('that fails says with which code, and nothing of what was said', async () => {
    const turn = await turnSpan(await send('/fail and a secret sentence'));
    expect(turn.status).toEqual({ code: 2, message: 'provider.server' });
    const [provider] = named(turn.traceId, 'provider');
    expect(provider!.status).toEqual({ code: 2, message: 'server' });
    expect(JSON.stringify(spans)).not.toContain('secret sentence');
  });

  test('over a socket hangs on its event', async () => {
    const socket = await parley.socket(user);
    const { id } = await parley.http(user)('POST /api/conversations', { body: {} });
    const opened = await emitWithAck(socket, 'chat:send', {
      conversationId: id,
      text: 'hello',
      clientTurnId: randomUUID(),
    });
    const turn = await turnSpan(opened.turn.id);
    await eventually(() => named(turn.traceId, 'chat:send').length).toBe(1);
    expect(turn.parentSpanId).toBe(named(turn.traceId, 'chat:send')[0]!.spanId);
  });

  test('has its trace in the log', async () => {
    const { traceId } = await turnSpan(await send('hello'));
    const find = () => lines.find((line) => line.msg === 'Answered' && line.traceId === traceId);
    await eventually(find).toBeDefined();
    expect(find()).toMatchObject({ userId: user.id, path: expect.stringMatching(/turns$/) });
  });
});

describe('a trace that was begun elsewhere', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const parent = '00f067aa0ba902b7';

  test('goes on here when a trusted proxy says so', async () => {
    const turn = await turnSpan(await send('hello', { traceparent: `00-${traceId}-${parent}-01` }));
    expect(turn.traceId).toBe(traceId);
    await eventually(() => named(traceId, 'POST /api/conversations/:id/turns').length).toBe(1);
    expect(named(traceId, 'POST /api/conversations/:id/turns')[0]!.parentSpanId).toBe(parent);
  });

  test('is not recorded when its owner does not record it', async () => {
    const other = traceId.replace('4b', '5b');
    await send('hello', { traceparent: `00-${other}-${parent}-00` });
    await turnSpan(await send('hello after it'));
    expect(spans.filter((span) => span.traceId === other)).toEqual([]);
  });
});

test('a collector that is away costs a line in the log, and spans', async () => {
  const errors: unknown[] = [];
  const config = { endpoint: 'http://127.0.0.1:9', headers: {}, serviceName: 'parley', sampleRatio: 1 };
  const tracer = createOtlpTracer(config, (error) => errors.push(error));
  expect(await tracer.span('work', {}, async () => 'done')).toBe('done');
  await expect(tracer.span('work', {}, () => Promise.reject(new TypeError('of the work')))).rejects.toThrow(
    'of the work',
  );
  await tracer.stop();
  await eventually(() => errors.length).toBeGreaterThan(0);
});

test('whoever is not trusted begins a trace of his own', async () => {
  const open = await createTestApp({
    withoutPlugins: true,
    config: { tracing },
  });
  undo.defer(() => open.stop());
  const traceId = 'a'.repeat(32);
  await fetch(`${open.url}/api/me`, { headers: { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` } });
  await open.app.platform.tracer.stop();
  const [request] = spans.filter((span) => span.name === 'GET /api/me');
  expect(request).toBeDefined();
  expect(spans.some((span) => span.traceId === traceId)).toBe(false);
});
