export { lastingPort } from './lasting-port.ts';
export {
  type RestartablePostgres,
  startRestartablePostgres,
  startTestPostgres,
  type StartedService,
} from './start-postgres.ts';
export { startTestRedis, type RedisProgram } from './start-redis.ts';
export { createTestDatabase, testRedisUrl, type DatabaseTemplate, type TestDatabase } from './test-database.ts';
