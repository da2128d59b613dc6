import type { Redis } from 'ioredis';
import { KEPT_AFTER_END_MS, KEPT_EVENTS, type EventLog, type NumberedFrame } from './event-log.ts';
import { createSubscriptions } from './redis-subscriptions.ts';

/** A turn that nobody ended (its process died) is forgotten after this; no turn runs as long. */
const ABANDONED_S = 2 * 60 * 60;
/** Renewing the expiry with every frame would double the commands. */
const RENEW_EVERY_FRAMES = 256;

export interface RedisEventLogOptions {
  /** For commands. Fails fast: `maxRetriesPerRequest: 1, enableOfflineQueue: false`. */
  redis: Redis;
  /** A connection of its own that queues while it reconnects. */
  subscriber: Redis;
  prefix: string;
  /** Tells an instance's own words from the others'. */
  instanceId: string;
  report(error: unknown): void;
}

/** A capped Redis stream per log stream, and publish/subscribe for those who watch now. */
export function createRedisEventLog<F extends NumberedFrame>(options: RedisEventLogOptions): EventLog<F> {
  const { redis, prefix, instanceId } = options;
  const subscriptions = createSubscriptions(options);
  /** Frames appended by this instance, to know when to renew an expiry. */
  const appended = new Map<string, number>();
  const ready = () => redis.status === 'ready';
  const streamKey = (name: string) => `${prefix}log:${name}`;

  return {
    append(name, channel, frame) {
      const body = JSON.stringify(frame);
      const count = (appended.get(name) ?? 0) + 1;
      appended.set(name, count);
      if (!ready()) return;
      // In one transaction: whoever hears of a frame finds it in the log, and what is in the log has been said.
      const batch = redis.multi();
      batch.xadd(streamKey(name), 'MAXLEN', '~', KEPT_EVENTS, '*', 'f', body);
      if (count % RENEW_EVERY_FRAMES === 1) batch.expire(streamKey(name), ABANDONED_S);
      batch.publish(`${prefix}watch:${channel}`, `${instanceId} ${body}`);
      batch.exec().catch(options.report);
    },
    async read(name, afterSeq) {
      if (!ready()) return null;
      const entries = await redis.xrange(streamKey(name), '-', '+').catch((error: unknown) => {
        options.report(error);
        return [];
      });
      const events = entries.flatMap(([, fields]) => (JSON.parse(fields[1]!) as F).events);
      return withoutHole(events, afterSeq);
    },
    end(name) {
      appended.delete(name);
      if (ready()) redis.pexpire(streamKey(name), KEPT_AFTER_END_MS).catch(options.report);
    },
    watch: (channel, listener) =>
      subscriptions.add(`${prefix}watch:${channel}`, (body) => listener(JSON.parse(body) as F)),
    async caughtUp() {
      // Without Redis nothing comes from elsewhere, so there is nothing to wait for.
      if (!ready()) return;
      await subscriptions.fence(async (channel, word) => {
        await redis.publish(channel, word);
      });
    },
    async signal(topic, body) {
      if (!ready()) return false;
      const heard = await redis.publish(`${prefix}signal:${topic}`, `${instanceId} ${body}`).catch((error: unknown) => {
        options.report(error);
        return 0;
      });
      return heard > 0;
    },
    onSignal: (topic, listener) => subscriptions.add(`${prefix}signal:${topic}`, listener),
    close: () => subscriptions.close(),
  };
}

/** Redis may have been away for a frame, or the stream capped: then what is left is no answer. */
function withoutHole<E extends { seq: number }>(events: readonly E[], afterSeq: number): E[] | null {
  const wanted = events.filter((event) => event.seq > afterSeq);
  if (wanted.length === 0) return events.at(-1)?.seq === afterSeq ? [] : null;
  return wanted.every((event, index) => event.seq === afterSeq + 1 + index) ? wanted : null;
}
