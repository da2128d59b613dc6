export type { AcquireOptions, HeldLock, LeaseOptions, Locks } from './locks.ts';
export { createPostgresLocks } from './postgres-locks.ts';
export { createRedisLocks } from './redis-locks.ts';
