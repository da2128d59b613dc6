import type { Redis } from 'ioredis';
import type { Kv } from './kv.ts';

/** Increments and, for a new key, sets its time to live in one step: a key without one would stay for ever. */
const INCREMENT = `
local value = redis.call('incr', KEYS[1])
if value == 1 then redis.call('pexpire', KEYS[1], ARGV[1]) end
return value`;

export function createRedisKv(redis: Redis, prefix = 'parley:kv:'): Kv {
  return {
    get: (key) => redis.get(prefix + key),
    set: async (key, value, ttlMs) => void (await redis.set(prefix + key, value, 'PX', ttlMs)),
    setIfAbsent: async (key, value, ttlMs) => (await redis.set(prefix + key, value, 'PX', ttlMs, 'NX')) === 'OK',
    increment: async (key, ttlMs) => Number(await redis.eval(INCREMENT, 1, prefix + key, ttlMs)),
    delete: async (key) => void (await redis.del(prefix + key)),
  };
}
