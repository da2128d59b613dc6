import type { Redis } from 'ioredis';
import type { L2CacheDriver } from 'bentocache/types';

/** bentocache's own driver is written for an older ioredis. A failed command is a miss, and counted. */
export function createRedisLayer(options: {
  redis: Redis;
  prefix: string;
  isUsable(): boolean;
  onError(error: unknown): void;
}): L2CacheDriver {
  const { redis, prefix, isUsable, onError } = options;

  async function attempt<T>(command: () => Promise<T>, otherwise: T): Promise<T> {
    if (!isUsable()) return otherwise;
    try {
      return await command();
    } catch (error) {
      onError(error);
      return otherwise;
    }
  }

  const driver: L2CacheDriver = {
    type: 'l2',
    namespace: () => driver,
    get: (key) => attempt(async () => (await redis.get(prefix + key)) ?? undefined, undefined),
    set: (key, text, ttlMs) =>
      attempt(async () => {
        // What has no end of its own gets one from the port; nothing stays in Redis for ever.
        if (ttlMs !== undefined) await redis.set(prefix + key, text, 'PX', Math.ceil(ttlMs));
        return true;
      }, false),
    async pull(key) {
      const text = await driver.get(key);
      await driver.delete(key);
      return text;
    },
    delete: (key) => attempt(async () => (await redis.unlink(prefix + key)) > 0, false),
    deleteMany: (keys) =>
      attempt(async () => keys.length > 0 && (await redis.unlink(keys.map((key) => prefix + key))) > 0, false),
    // What was stored is made unreachable by the versions of its tags, and goes with its time.
    clear: async () => {},
    disconnect: async () => {},
  };
  return driver;
}
