import { randomUUID } from 'node:crypto';
import type { AdminOverview } from '@parley/sdk/contract';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createEventBus } from '../../events/event-bus.ts';
import { createTestApp, type TestApp } from '../../testing/create-test-app.ts';
import type { TestUser } from '../../testing/factories/users.ts';
import { createActivity } from './activity.ts';

let parley: TestApp;
let elsewhere: TestApp;
let admin: TestUser;
beforeAll(async () => {
  parley = await createTestApp();
  elsewhere = await createTestApp({ withoutPlugins: true, databaseUrl: parley.databaseUrl });
  admin = await parley.users.createAdmin();
});
afterAll(async () => {
  await elsewhere.stop();
  await parley.stop();
});

const overview = (at = parley) => at.http(admin)('GET /api/admin/overview');
const pool = () => parley.app.platform.database.pool;
/** Looks until what other parts write beside requests has arrived. */
function seen(check: (now: AdminOverview) => void): Promise<void> {
  return vi.waitFor(async () => check(await overview()), { timeout: 60_000 });
}

test('says who is there: each process with its role, each person once', async () => {
  const [mira, jun] = [await parley.users.create(), await parley.users.create()];
  await parley.socket(mira);
  await parley.socket(mira);
  await elsewhere.socket(await parley.users.signIn(mira));
  await elsewhere.socket(jun);
  await overview(elsewhere);
  const { online, instances, degraded } = await overview();
  expect(online).toEqual({ users: 2, sockets: 4, withinSeconds: 10 });
  expect(instances).toHaveLength(2);
  expect(instances.map(({ sockets, answering }) => [sockets, answering])).toEqual([
    [2, true],
    [2, false],
  ]);
  expect(instances[0]).toMatchObject({ role: 'all', version: expect.stringMatching(/^\d+\.\d+/), degraded: false });
  expect(degraded).toBe(false);
});

test('a process that was killed is gone after three beats, one that stopped at once', async () => {
  const third = await createTestApp({ withoutPlugins: true, databaseUrl: parley.databaseUrl });
  await overview(third);
  const living = async () =>
    (await overview()).instances.map(({ host }) => host).filter((host) => host.includes('.test'));
  await pool().query(
    `insert into instance_beat (instance_id, role, version, host, started_at, seen_at, sockets, users, degraded)
     select gen_random_uuid(), 'worker', '0.1.0', ago || '.test', now(), now() - make_interval(secs => ago), 0, '', ago = 1
       from (values (1), (31)) as said (ago)`,
  );
  expect(await living()).toEqual(['1.test']);
  const before = await overview();
  // A process that counts for itself alone is everybody's concern.
  expect(before.degraded).toBe(true);
  await third.stop();
  expect((await overview()).instances).toHaveLength(before.instances.length - 1);
  await pool().query(`delete from instance_beat where host like '%.test'`);
});

test('open turns are those of the whole installation, and ended ones leave their tokens in the hour', async () => {
  const user = await parley.users.create();
  const before = await overview(elsewhere);
  const send = async (text: string) => {
    const { id } = await parley.http(user)('POST /api/conversations', { body: {} });
    return parley.http(user)('POST /api/conversations/:id/turns', {
      params: { id },
      body: { text, clientTurnId: randomUUID() },
    });
  };
  const hanging = await send('/hang');
  expect((await overview(elsewhere)).openTurns).toEqual({ queued: expect.any(Number), running: expect.any(Number) });
  const open = async () => Object.values((await overview(elsewhere)).openTurns).reduce((sum, count) => sum + count, 0);
  expect(await open()).toBe(1);
  await send('Hello');
  await seen(({ hour, lately }) => {
    expect(hour.outputTokens).toBeGreaterThan(before.hour.outputTokens);
    expect(hour.minutes).toHaveLength(60);
    expect(hour.minutes.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(hour.inputTokens + hour.outputTokens);
    expect(lately.turns).toBeGreaterThan(before.lately.turns);
  });
  await parley.http(user)('POST /api/turns/:id/stop', { params: { id: hanging.turn.id } });
  await vi.waitFor(async () => expect(await open()).toBe(0), { timeout: 60_000 });
});

test('requests of all instances count, with how long they took, and only of the last minutes', async () => {
  const before = (await overview()).lately.requests;
  const user = await parley.users.create();
  for (let count = 0; count < 5; count++) await parley.http(user)('GET /api/me');
  for (let count = 0; count < 5; count++) await elsewhere.http(user)('GET /api/me');
  await seen(({ lately }) => {
    expect(lately.requests).toBeGreaterThanOrEqual(before + 5);
    expect(lately.p95Ms).toBeGreaterThan(0);
    expect(lately.errors).toBe(0);
  });
  await overview(elsewhere);
  await seen(({ lately }) => expect(lately.requests).toBeGreaterThanOrEqual(before + 10));
  const { hour } = await overview();
  await pool().query(`update activity_sample set at = at - interval '10 minutes'`);
  const after = await overview();
  expect(after.lately.requests).toBeLessThan(before + 10);
  expect(after.hour.outputTokens).toBe(hour.outputTokens);
});

test('providers stand there with their health', async () => {
  const { providers } = await overview();
  expect(providers).toContainEqual(
    expect.objectContaining({ name: expect.any(String), enabled: true, health: expect.any(String) }),
  );
  expect(JSON.stringify(providers)).not.toContain('settings');
});

test('what the database did not take is counted with what comes next', () => {
  const events = createEventBus(() => undefined);
  const activity = createActivity(events, (route) => route.startsWith('/api'));
  const settled = {
    turnId: '',
    userId: '',
    conversationId: null,
    model: '',
    code: null,
    firstTokenSeconds: null,
    charged: 7,
  };
  activity.answered('/api/me', 'GET', 200, 0.004);
  activity.answered('/api/me', 'GET', 503, 0.004);
  activity.answered('pages', 'GET', 500, 1);
  events.emit('turn.settled', { ...settled, state: 'failed', tokens: null, seconds: 1 });
  const lost = activity.take()!;
  events.emit('turn.settled', {
    ...settled,
    state: 'completed',
    tokens: { input: 3, output: 4, countedBy: 'us' },
    seconds: 1,
  });
  activity.answered('/api/me', 'GET', 200, 0.004);
  activity.putBack(lost);
  expect(activity.take()).toEqual({
    requests: 3,
    errors: 1,
    latencies: { 7: 3 },
    turns: 2,
    failedTurns: 1,
    inputTokens: 3,
    outputTokens: 4,
    charged: 14,
  });
  expect(activity.take()).toBeNull();
  activity.stop();
});
