import type { Logger } from '../../observability/logger.ts';
import type { Clock } from '../clock/clock.ts';
import type { RedisPort } from '../redis/redis.ts';
import type { EventLog, NumberedFrame } from './event-log.ts';
import { createMemoryEventLog } from './memory-event-log.ts';
import { createRedisEventLog } from './redis-event-log.ts';

/** Over Redis where there is one, so that every instance can follow; else in this process. */
export function openEventLog<F extends NumberedFrame>(options: {
  redis: RedisPort | null;
  clock: Clock;
  log: Logger;
  instanceId: string;
}): EventLog<F> {
  const { redis, log } = options;
  if (redis === null) return createMemoryEventLog<F>(options.clock);
  const subscriber = redis.open();
  const eventLog = createRedisEventLog<F>({
    redis: redis.client,
    subscriber,
    prefix: 'parley:',
    instanceId: options.instanceId,
    // Redis may be away for a while; the port says so once, and every frame need not say it again.
    report: (error) => log.debug({ err: error }, 'The event log missed something'),
  });
  return {
    ...eventLog,
    async close() {
      await eventLog.close();
      subscriber.disconnect();
    },
  };
}
