import { afterAll, beforeAll, expect, test } from 'vitest';
import { PgBoss } from 'pg-boss';
import { createSocket } from '@parley/sdk/client';
import { createTestApp, type TestApp } from './testing/create-test-app.ts';
import { eventually } from './testing/eventually.ts';
import { readMetrics } from './testing/read-metrics.ts';
import { type StartedService, startTestRedis } from './testing/services/index.ts';

let redis: StartedService;
let web: TestApp;
let worker: TestApp;
const startWorker = () =>
  createTestApp({
    withoutPlugins: true,
    databaseUrl: web.databaseUrl,
    config: { redisUrl: redis.url, role: 'worker' },
  });
beforeAll(async () => {
  redis = await startTestRedis();
  web = await createTestApp({ withoutPlugins: true, config: { redisUrl: redis.url, role: 'web' } });
  worker = await startWorker();
});
afterAll(async () => {
  await worker.stop();
  await web.stop();
  await redis.stop();
});

test('a worker tells its health and serves nothing else, neither pages nor sockets', async () => {
  expect((await fetch(`${worker.url}/healthz`)).status).toBe(200);
  expect(await (await fetch(`${worker.url}/readyz`)).json()).toMatchObject({ ready: true });
  for (const path of ['/', '/api/instance', '/v1/models', '/docs', '/socket.io/?EIO=4&transport=polling']) {
    const answer = await fetch(worker.url + path);
    expect([path, answer.status, ((await answer.json()) as { code?: string }).code]).toEqual([path, 404, 'not-found']);
  }
  const socket = createSocket(worker.url, { reconnection: false, forceNew: true });
  await new Promise((resolve) => socket.once('connect_error', resolve));
  socket.disconnect();
});

test('only the web instance shows the link that makes the first admin', () => {
  expect(web.setupLink).toContain('/setup?token=');
  expect(worker.setupLink).toBeNull();
});

test('what the books were found to be on a worker, a web instance shows too', async () => {
  const admin = await web.users.create({ role: 'admin' });
  const report = await worker.app.modules.credits.books.check();
  expect(await web.http(admin)('GET /api/admin/books')).toEqual(report);
  const checkedAt = async () =>
    (await readMetrics(web.app.platform.metrics)).value('parley_credit_books_checked_timestamp_seconds');
  await eventually(checkedAt).toBeGreaterThanOrEqual(Date.parse(report.checkedAt) / 1000);
  expect((await readMetrics(web.app.platform.metrics)).value('parley_credit_drift_microcredits')).toBe(0);
});

test('what is done once per cluster is done by a worker, never by a web instance', async () => {
  const { pool } = web.app.platform.database;
  const db = { executeSql: (text: string, values?: unknown[]) => pool.query(text, values) };
  const queue = new PgBoss({ db, supervise: false, schedule: false, migrate: false });
  queue.on('error', () => {});
  await queue.start();
  expect((await queue.getSchedules()).map(({ name }) => name)).toContain('accounts.expire');

  await worker.stop();
  // The full hour may put one there too: what waits is not queued a second time, and ours alone is looked at.
  await queue.deleteQueuedJobs('accounts.expire');
  const id = (await queue.send('accounts.expire'))!;
  const states = async () => (await queue.findJobs('accounts.expire', { id })).map(({ state }) => state);
  expect(await states()).toEqual(['created']);
  worker = await startWorker();
  await eventually(states).toEqual(['completed']);
  await queue.stop({ graceful: false });
});
