import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emitWithAck } from '@parley/sdk/client';
import { createTestApp, type TestApp } from './testing/create-test-app.ts';
import { eventually } from './testing/eventually.ts';
import type { TestUser } from './testing/factories/users.ts';
import { readMetrics } from './testing/read-metrics.ts';

let parley: TestApp;
let user: TestUser;
beforeAll(async () => {
  parley = await createTestApp({ limits: { 'account.password': { points: 1, seconds: 3600 } } });
  user = await parley.users.create();
});
afterAll(() => parley.stop());
const metrics = () => readMetrics(parley.app.platform.metrics);

async function send(text: string): Promise<string> {
  const http = parley.http(user);
  const { id } = await http('POST /api/conversations', { body: {} });
  const opened = await http('POST /api/conversations/:id/turns', {
    params: { id },
    body: { text, clientTurnId: randomUUID() },
  });
  return opened.turn.id;
}

test('requests are counted by the template of their route', async () => {
  const { id } = await parley.http(user)('POST /api/conversations', { body: {} });
  await parley.http(user)('GET /api/conversations/:id', { params: { id } });
  await fetch(`${parley.url}/api/nowhere/${id}`);
  await fetch(`${parley.url}/v1/models/${id}`);
  const counted = async (route: string, status: string) =>
    (await metrics()).value('parley_http_request_duration_seconds_count', { route, method: 'GET', status });
  await eventually(() => counted('/api/conversations/:id', '2xx')).toBe(1);
  await eventually(() => counted('/api', '4xx')).toBe(1);
  await eventually(() => counted('/v1/models/:model', '4xx')).toBe(1);
  expect((await metrics()).text).not.toContain(id);
});

test('sockets and what they send are counted, under known names alone', async () => {
  const socket = await parley.socket(user);
  const { id } = await parley.http(user)('POST /api/conversations', { body: {} });
  await emitWithAck(socket, 'conversation:join', { conversationId: id, turns: [] });
  await expect(emitWithAck(socket, 'chat:stop', { turnId: id })).rejects.toMatchObject({ code: 'turn.not-found' });
  await new Promise((resolve) => socket.emit('made-up' as 'chat:stop', { turnId: id }, resolve));
  const now = await metrics();
  expect(now.value('parley_sockets_connected')).toBe(1);
  expect(now.value('parley_socket_handshakes_total', { outcome: 'ok' })).toBe(1);
  expect(now.value('parley_socket_events_total', { event: 'conversation:join', outcome: 'ok' })).toBe(1);
  expect(now.value('parley_socket_events_total', { event: 'chat:stop', outcome: 'refused' })).toBe(1);
  expect(now.value('parley_socket_events_total', { event: 'unknown', outcome: 'refused' })).toBe(1);
  expect(now.text).not.toContain('made-up');
});

describe('turns', () => {
  test('that are open are seen in their state, and when over by how they ended', async () => {
    const slow = await send('/hang');
    const inState = async (state: string) => (await metrics()).value('parley_turns_open', { state });
    await eventually(async () => (await inState('queued'))! + (await inState('running'))!).toBe(1);
    await parley.http(user)('POST /api/turns/:id/stop', { params: { id: slow } });
    await send('/fail');
    await send('/long 50');
    const ended = async (state: string, code: string) =>
      (await metrics()).value('parley_turns_ended_total', { state, code });
    await eventually(() => ended('stopped', '')).toBe(1);
    await eventually(() => ended('failed', 'provider.server')).toBe(1);
    await eventually(() => ended('completed', '')).toBe(1);
    expect(await inState('running')).toBe(0);

    const now = await metrics();
    const [model] = await parley.http(user)('GET /api/models');
    expect(now.value('parley_turn_first_token_seconds_count', { model: model!.id })).toBe(1);
    expect(now.value('parley_tokens_total', { model: model!.id, direction: 'output' })).toBeGreaterThanOrEqual(50);
    expect(now.value('parley_tokens_total', { model: model!.id, direction: 'input' })).toBeGreaterThan(0);
  });

  test('of models that are not in the catalogue share a series', async () => {
    parley.app.platform.events.emit('turn.settled', {
      turnId: randomUUID(),
      userId: user.id,
      conversationId: null,
      state: 'completed',
      model: 'made/up',
      code: null,
      tokens: { input: 7, output: 0, countedBy: 'us' },
      charged: 0,
      firstTokenSeconds: null,
      seconds: 1,
    });
    const now = await metrics();
    expect(now.value('parley_tokens_total', { model: 'other', direction: 'input' })).toBe(7);
    expect(now.text).not.toContain('made/up');
  });
});

test('the sandbox shows its workers, the calls of its plugins and the state of each', async () => {
  const turns = async () => (await metrics()).value('parley_turns_ended_total', { state: 'completed', code: '' }) ?? 0;
  const before = await turns();
  await send('hello');
  await eventually(turns).toBeGreaterThan(before);
  const now = await metrics();
  const plugin = 'parley.provider-demo';
  expect(now.value('parley_sandbox_workers', { group: 'official' })).toBe(1);
  expect(now.value('parley_sandbox_plugin_state', { plugin, state: 'healthy' })).toBe(1);
  expect(now.value('parley_sandbox_calls_total', { plugin, kind: 'providers', outcome: 'ok' })).toBeGreaterThan(0);
});

test('a worker that is killed is counted', async () => {
  const [worker] = parley.app.modules.plugins.sandbox.health().workers;
  expect(process.kill(worker!.pid, 'SIGKILL')).toBe(true);
  const exits = async () =>
    (await metrics()).value('parley_sandbox_worker_exits_total', { group: 'official', reason: 'ended' });
  await eventually(exits).toBe(1);
});

test('limits, the database and the process are there', async () => {
  const change = () =>
    parley.http(user)('POST /api/me/password', { body: { current: 'not this one', next: 'another password' } });
  await expect(change()).rejects.toMatchObject({ code: 'account.wrong-password' });
  await expect(change()).rejects.toMatchObject({ code: 'limit.exceeded' });
  const now = await metrics();
  const decided = (decision: string) =>
    now.value('parley_limiter_decisions_total', { limit: 'account.password', decision });
  expect([decided('allowed'), decided('refused')]).toEqual([1, 1]);
  expect(now.value('parley_database_pool_connections')).toBeGreaterThan(0);
  expect(now.value('parley_database_pool_max')).toBe(parley.app.platform.database.pool.options.max);
  expect(now.value('parley_redis_state', { state: 'off' })).toBe(1);
  expect(now.value('process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
  expect(now.value('nodejs_eventloop_busy_seconds_total')).toBeGreaterThan(0);
  await eventually(async () => (await metrics()).value('nodejs_eventloop_delay_seconds_count')).toBeGreaterThan(0);
});
