import type { Logger } from '../../observability/logger.ts';
import type { RedisPort } from '../redis/redis.ts';
import { type ManagedNamespace, createCacheNamespace } from './cache-namespace.ts';
import type { Cache, ShownMemory } from './cache.ts';
import { createLocalVersions } from './local-versions.ts';
import { createRedisLayer } from './redis-layer.ts';
import { createSharedVersions } from './shared-versions.ts';
import type { TagVersions } from './tag-versions.ts';

const MAX_TAGS = 100_000;

/** In memory and, where there is a Redis, in that too, shared by all instances. */
export function openCache(options: { redis: RedisPort | null; log: Logger; prefix?: string; maxTags?: number }): Cache {
  const { redis, log, prefix = 'parley:cache:', maxTags = MAX_TAGS } = options;
  const namespaces = new Map<string, ManagedNamespace<unknown>>();
  const shown = new Map<string, ShownMemory>();
  // Redis may be away for a while; its port says so once, and every command need not say it again.
  const report = (error: unknown) => log.debug({ err: error }, 'The cache could not use Redis, or could not load anew');

  const listeners = {
    renewed: (tag: string) => namespaces.get(tag.split(':', 1)[0]!)?.heard(tag),
    missed: () => namespaces.forEach((namespace) => namespace.forget()),
  };
  const versions: TagVersions =
    redis === null
      ? createLocalVersions({ maxTags, listeners })
      : createSharedVersions({
          redis,
          prefix: `${prefix}tag:`,
          maxTags,
          listeners,
          roots: () => [...namespaces.keys()],
          onError: report,
        });

  function claim(name: string): void {
    if (name.includes(':')) throw new Error(`The name ${name} has a colon`);
    if (namespaces.has(name) || shown.has(name)) throw new Error(`Two caches are called ${name}`);
  }

  return {
    namespace(name, limits) {
      claim(name);
      const namespace = createCacheNamespace<never>({
        name,
        options: limits,
        versions,
        redisLayer: (onError) =>
          redis === null
            ? null
            : createRedisLayer({
                redis: redis.client,
                prefix: `${prefix}value:${name}:`,
                isUsable: () => versions.hearsAll(),
                onError,
              }),
        report,
      });
      namespaces.set(name, namespace);
      return namespace;
    },
    show(name, memory) {
      claim(name);
      shown.set(name, memory);
    },
    statistics: () => [
      ...[...namespaces.values()].map((namespace) => namespace.statistics()),
      ...[...shown].map(([namespace, memory]) => ({ namespace, ...memory.statistics() })),
    ],
    async clear(name) {
      const memory = shown.get(name);
      if (memory !== undefined) {
        await memory.clear();
        return true;
      }
      if (!namespaces.has(name)) return false;
      await versions.renew([name]);
      return true;
    },
    stop: async () => versions.stop(),
  };
}
