import type { RedisPort } from '../redis/redis.ts';
import { createLocalVersions } from './local-versions.ts';
import { KnownVersions, type TagVersions, type VersionListeners, versionMaker } from './tag-versions.ts';

/** The version of each tag, made now for those that have none. */
const READ = `
local versions = {}
for i, key in ipairs(KEYS) do
  redis.call('set', key, ARGV[1], 'NX', 'PX', ARGV[2])
  versions[i] = redis.call('get', key)
end
return versions`;
/** Written and told in one step, so that the news come in the order of the writes. */
const WRITE = `
for _, key in ipairs(KEYS) do redis.call('set', key, ARGV[1], 'PX', ARGV[2]) end
return redis.call('publish', ARGV[3], ARGV[4])`;

/** A version that Redis forgets is made anew, unlike all before; so this only has to be rarer than loads. */
const KEPT_MS = 24 * 3_600_000;
const RETRY_MS = 500;

interface SharedVersionsOptions {
  redis: RedisPort;
  prefix: string;
  maxTags: number;
  listeners: VersionListeners;
  /** The tags that stand for all others, in place of more debts than can be remembered. */
  roots(): readonly string[];
  onError(error: unknown): void;
}

/** More invalidations than this, while Redis is away, are one of everything. */
const MAX_OWED = 1_000;

/**
 * Versions in Redis, known here from what was asked and what is told. While news cannot arrive they are those of this instance alone;
 * what was invalidated meanwhile is made good before Redis is relied on again.
 */
export function createSharedVersions(options: SharedVersionsOptions): TagVersions {
  const { redis, prefix, maxTags, listeners, onError } = options;
  const channel = `${prefix}renewed`;
  const make = versionMaker();
  const known = new KnownVersions(maxTags);
  let alone = createLocalVersions({ maxTags, listeners });
  /** Renewed here, and our own news of it has not come back: what others say until then is older. */
  const pending = new Map<string, string>();
  const owed = new Set<string>();
  const subscriber = redis.open();
  let attached = false;
  /** Counts the attachments: an answer to a question of an earlier one says nothing. */
  let epoch = 0;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;

  function reset(nowAttached: boolean): void {
    attached = nowAttached;
    epoch += 1;
    known.clear();
    pending.clear();
    // What others have changed meanwhile has not reached these.
    alone = createLocalVersions({ maxTags, listeners });
    listeners.missed();
  }
  async function attach(): Promise<void> {
    clearTimeout(retry);
    if (attached || stopped || subscriber.status !== 'ready') return;
    try {
      await subscriber.subscribe(channel);
      await redis.client.ping();
      while (owed.size > 0) {
        const tags = [...owed];
        await write(tags, make());
        for (const tag of tags) owed.delete(tag);
      }
      // Another attempt may have got here first, or the connection may be gone again.
      if (!attached && subscriber.status === 'ready') reset(true);
    } catch (error) {
      failed(error);
    }
  }
  function detach(): void {
    if (attached) reset(false);
  }
  function failed(error: unknown): void {
    onError(error);
    detach();
    clearTimeout(retry);
    if (!stopped) retry = setTimeout(() => void attach(), RETRY_MS);
  }
  function owe(tags: readonly string[]): void {
    for (const tag of tags) owed.add(tag);
    if (owed.size <= MAX_OWED) return;
    owed.clear();
    for (const root of options.roots()) owed.add(root);
  }
  async function write(tags: readonly string[], version: string): Promise<void> {
    const keys = tags.map((tag) => prefix + tag);
    await redis.client.eval(WRITE, keys.length, ...keys, version, KEPT_MS, channel, JSON.stringify([version, ...tags]));
  }
  async function read(tags: readonly string[]): Promise<string[]> {
    const keys = tags.map((tag) => prefix + tag);
    return (await redis.client.eval(READ, keys.length, ...keys, make(), KEPT_MS)) as string[];
  }

  subscriber.on('ready', () => void attach());
  subscriber.on('close', detach);
  subscriber.on('message', (_channel: string, message: string) => {
    const [version = '', ...tags] = JSON.parse(message) as string[];
    for (const tag of tags) {
      const own = pending.get(tag);
      if (own === version) pending.delete(tag);
      if (own !== undefined) continue;
      known.set(tag, version);
      listeners.renewed(tag);
    }
  });

  async function of(tags: readonly string[]): Promise<string> {
    if (!attached) return alone.of(tags);
    const missing = tags.filter((tag) => known.get(tag) === undefined);
    const asked = epoch;
    try {
      const versions = missing.length === 0 ? [] : await read(missing);
      if (asked !== epoch) return await of(tags);
      // News that came during the question are newer than its answer.
      for (const [at, tag] of missing.entries()) if (known.get(tag) === undefined) known.set(tag, versions[at]!);
    } catch (error) {
      if (asked === epoch) failed(error);
      return await of(tags);
    }
    return tags.map((tag) => known.get(tag)).join();
  }

  return {
    of,
    async renew(tags) {
      if (!attached) {
        owe(tags);
        await alone.renew(tags);
        return false;
      }
      const version = make();
      for (const tag of tags) {
        pending.set(tag, version);
        known.set(tag, version);
        listeners.renewed(tag);
      }
      try {
        await write(tags, version);
        return true;
      } catch (error) {
        owe(tags);
        failed(error);
        return false;
      }
    },
    hearsAll: () => attached,
    stop() {
      stopped = true;
      clearTimeout(retry);
      subscriber.disconnect();
    },
  };
}
