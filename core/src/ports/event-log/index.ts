export { KEPT_AFTER_END_MS, KEPT_EVENTS, type EventLog, type NumberedFrame } from './event-log.ts';
export { openEventLog } from './open-event-log.ts';
export { createMemoryEventLog } from './memory-event-log.ts';
export { createRedisEventLog, type RedisEventLogOptions } from './redis-event-log.ts';
