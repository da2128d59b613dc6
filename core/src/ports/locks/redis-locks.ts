import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { keepLock } from './kept-lock.ts';
import type { HeldLock, Locks } from './locks.ts';
import { waitForLock } from './wait-for-lock.ts';

/** Also yes when it is this owner's already: the answer to an earlier attempt may have got lost on its way. */
const TAKE = `
if redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('pexpire', KEYS[1], ARGV[2])
return 1`;
const EXTEND = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('pexpire', KEYS[1], ARGV[2])`;
const FREE = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('del', KEYS[1])`;

/** As good as one Redis: where that fails over to a copy which lags behind, two may hold one lock until the lease of the first is over. */
export function createRedisLocks(options: { redis: Redis; report(error: unknown): void; prefix?: string }): Locks {
  const { redis, report, prefix = 'parley:lock:' } = options;

  async function attempt(name: string, owner: string, leaseMs: number): Promise<HeldLock | null> {
    const key = prefix + name;
    const askedAtMs = performance.now();
    if ((await redis.eval(TAKE, 1, key, owner, leaseMs)) !== 1) return null;
    return keepLock({
      name,
      owner,
      leaseMs,
      askedAtMs,
      renew: async () => (await redis.eval(EXTEND, 1, key, owner, leaseMs)) === 1,
      free: async () => void (await redis.eval(FREE, 1, key, owner)),
      report,
    });
  }

  return {
    tryAcquire: (name, { leaseMs }) => attempt(name, randomUUID(), leaseMs),
    acquire(name, { leaseMs, ...wait }) {
      const owner = randomUUID();
      return waitForLock(() => attempt(name, owner, leaseMs), { ...wait, report });
    },
  };
}
