import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../../testing/eventually.ts';
import { createTestDatabase, testRedisUrl, type TestDatabase } from '../../testing/services/index.ts';
import { createPostgresLocks, createRedisLocks, type HeldLock, type Locks } from './index.ts';

interface Service {
  /** What another instance would have: nothing shared but the service. */
  open(): Locks;
  /** The service lets go of the lock without asking its holder. */
  forget(lock: HeldLock): Promise<void>;
  close(): Promise<void>;
}

async function onRedis(): Promise<Service> {
  const redis = new Redis(testRedisUrl(), { maxRetriesPerRequest: 1 });
  const connections = [redis];
  const prefix = `test:${randomUUID()}:`;
  return {
    open() {
      const own = redis.duplicate();
      connections.push(own);
      return createRedisLocks({ redis: own, prefix, report: () => {} });
    },
    forget: async ({ name }) => void (await redis.del(prefix + name)),
    close: async () => connections.forEach((connection) => connection.disconnect()),
  };
}

async function onPostgres(): Promise<Service> {
  const place: TestDatabase = await createTestDatabase();
  const admin = new Client({ connectionString: place.url });
  await admin.connect();
  return {
    open: () => createPostgresLocks({ url: place.url, report: () => {} }),
    async forget() {
      await admin.query(
        `select pg_terminate_backend(pid) from pg_locks
         where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`,
      );
    },
    async close() {
      await admin.end();
      await place.drop();
    },
  };
}

const LONG_MS = 60_000;

describe.each([
  ['Redis', onRedis],
  ['PostgreSQL', onPostgres],
])('locks over %s', (_name, start) => {
  let service: Service;
  beforeAll(async () => {
    service = await start();
  });
  afterAll(() => service.close());

  test('one of many gets it, and each name is a lock by itself', async () => {
    const name = randomUUID();
    const tries = await Promise.all(
      Array.from({ length: 12 }, () => service.open().tryAcquire(name, { leaseMs: LONG_MS })),
    );
    const won = tries.filter((lock) => lock !== null);
    expect(won).toHaveLength(1);
    const other = await service.open().tryAcquire(`${name} 2`, { leaseMs: LONG_MS });
    expect(other?.owner).not.toBe(won[0]?.owner);
    await Promise.all([won[0]?.release(), other?.release()]);
  });

  test('never two are inside at once, and all get their turn', async () => {
    const name = randomUUID();
    let inside = 0;
    let turns = 0;
    const work = async () => {
      const lock = await service.open().acquire(name, { leaseMs: LONG_MS, retryMs: 5 });
      inside += 1;
      expect(inside).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      turns += 1;
      inside -= 1;
      await lock.release();
    };
    await Promise.all(Array.from({ length: 8 }, work));
    expect(turns).toBe(8);
  });

  test('it is renewed for as long as it is held, however short its lease', async () => {
    const leaseMs = 3_000;
    for (;;) {
      const name = randomUUID();
      const [mine, other] = [service.open(), service.open()];
      const startMs = performance.now();
      const lock = await mine.acquire(name, { leaseMs });
      let longestGapMs = 0;
      for (let lastMs = startMs, nowMs = startMs; nowMs < startMs + 2.5 * leaseMs; lastMs = nowMs) {
        const theirs = await other.tryAcquire(name, { leaseMs });
        nowMs = performance.now();
        longestGapMs = Math.max(longestGapMs, nowMs - lastMs);
        if (theirs === null) continue;
        await theirs.release();
        expect(lock.lost.aborted).toBe(true);
      }
      await lock.release();
      // Held up for so long that it could not be renewed in time: that says nothing, and it begins anew.
      if (longestGapMs > leaseMs / 4) continue;
      expect(lock.lost.aborted).toBe(false);
      return;
    }
  });

  test('its loss is told when the service has forgotten it', async () => {
    const lock = await service.open().acquire(randomUUID(), { leaseMs: 500 });
    await service.forget(lock);
    await eventually(() => lock.lost.aborted).toBe(true);
    expect(lock.lost.reason).toBeInstanceOf(Error);
    await lock.release();
  });

  test('whoever lost it can neither keep it from the next one nor release it for him', async () => {
    const name = randomUUID();
    const lost = await service.open().acquire(name, { leaseMs: LONG_MS });
    await service.forget(lost);
    const next = await service.open().acquire(name, { leaseMs: LONG_MS, retryMs: 5 });
    await lost.release();
    expect(await service.open().tryAcquire(name, { leaseMs: LONG_MS })).toBeNull();
    expect(next.lost.aborted).toBe(false);
    await next.release();
  });

  test('who waits gets it next, and a released one is not lost', async () => {
    const name = randomUUID();
    const first = await service.open().acquire(name, { leaseMs: LONG_MS });
    const waiting = service.open().acquire(name, { leaseMs: LONG_MS, retryMs: 5 });
    await first.release();
    await first.release();
    const second = await waiting;
    expect(second.owner).not.toBe(first.owner);
    expect(first.lost.aborted).toBe(false);
    await second.release();
  });

  test('who stops waiting is told why, and leaves nothing behind that waits on', async () => {
    const name = randomUUID();
    const held = await service.open().acquire(name, { leaseMs: LONG_MS });
    const stop = new AbortController();
    const waiting = service.open().acquire(name, { leaseMs: LONG_MS, retryMs: 5, signal: stop.signal });
    stop.abort(new Error('no longer wanted'));
    await expect(waiting).rejects.toThrow('no longer wanted');
    await expect(
      service.open().acquire(name, { leaseMs: LONG_MS, signal: AbortSignal.abort(new Error('never wanted')) }),
    ).rejects.toThrow('never wanted');
    await held.release();
    const next = await service.open().acquire(name, { leaseMs: LONG_MS, retryMs: 5 });
    await next.release();
  });
});
