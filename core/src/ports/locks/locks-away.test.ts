import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { eventually } from '../../testing/eventually.ts';
import { lastingPort, startTestPostgres, startTestRedis } from '../../testing/services/index.ts';
import { createPostgresLocks, createRedisLocks } from './index.ts';

const LEASE_MS = 1_000;

test('with Redis away a lock is given up before its lease is over, and waiting goes on until it is back', async () => {
  await using undo = new AsyncDisposableStack();
  const port = await lastingPort();
  let server = await startTestRedis(undefined, port);
  undo.defer(() => server.stop());
  const redis = new Redis(server.url, { maxRetriesPerRequest: 1, enableOfflineQueue: false });
  undo.defer(() => redis.disconnect());
  redis.on('error', () => {});
  await eventually(() => redis.status).toBe('ready');
  const errors: unknown[] = [];
  const locks = createRedisLocks({ redis, report: (error) => errors.push(error) });
  const name = randomUUID();
  const lock = await locks.acquire(name, { leaseMs: LEASE_MS });
  await server.stop();
  await eventually(() => lock.lost.aborted).toBe(true);
  await expect(locks.tryAcquire(name, { leaseMs: LEASE_MS })).rejects.toThrow();
  const waiting = locks.acquire(name, { leaseMs: LEASE_MS, retryMs: 20 });
  await eventually(() => errors.length).toBeGreaterThan(3);
  server = await startTestRedis(undefined, port);
  const again = await waiting;
  await again.release();
});

test('with the database away its locks are lost at once, and a try says so', async () => {
  await using undo = new AsyncDisposableStack();
  const server = await startTestPostgres();
  undo.defer(() => server.stop());
  const errors: unknown[] = [];
  const locks = createPostgresLocks({ url: server.url, report: (error) => errors.push(error) });
  const lock = await locks.acquire('one', { leaseMs: 600_000 });
  await server.stop();
  await eventually(() => lock.lost.aborted).toBe(true);
  await expect(locks.tryAcquire('one', { leaseMs: LEASE_MS })).rejects.toThrow();
  await lock.release();
});

test('a database that answers nothing any more keeps nobody in the belief that he holds a lock', async () => {
  await using undo = new AsyncDisposableStack();
  const server = await startTestPostgres();
  undo.defer(() => server.stop());
  const locks = createPostgresLocks({ url: server.url, report: () => {} });
  const lock = await locks.acquire('one', { leaseMs: LEASE_MS });
  const pid = await holderOf(server.url);
  process.kill(pid, 'SIGSTOP');
  undo.defer(() => void process.kill(pid, 'SIGCONT'));
  await eventually(() => lock.lost.aborted).toBe(true);
  // The lease is also how long it waits for the database.
  await expect(locks.tryAcquire('one', { leaseMs: 60_000 })).resolves.toBeNull();
});

async function holderOf(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>(`select pid from pg_locks where locktype = 'advisory'`);
  await client.end();
  return rows[0]!.pid;
}
