import type { Config } from './config/config.ts';
import { loadSecretKey } from './config/secret-key.ts';
import { createEventBus, type EventBus } from './events/event-bus.ts';
import { createSecretBox, type SecretBox } from './lib/secret-box.ts';
import type { HealthCheck } from './observability/health.ts';
import type { Logger } from './observability/logger.ts';
import { createMetrics, type MetricsPage } from './observability/metrics.ts';
import { openTracer } from './observability/tracing/open-tracer.ts';
import type { Tracer } from './observability/tracing/tracer.ts';
import { type Clock, systemClock } from './ports/clock/clock.ts';
import { type ChangeFeed, openChangeFeed } from './ports/database/change-feed/change-feed.ts';
import { type Database, openDatabase } from './ports/database/database.ts';
import { startEmbeddedPostgres } from './ports/database/embedded/index.ts';
import { migrate } from './ports/database/migrate.ts';
import { type Cache, openCache } from './ports/cache/index.ts';
import { createFallbackKv } from './ports/kv/fallback-kv.ts';
import type { Kv } from './ports/kv/kv.ts';
import { createMemoryKv } from './ports/kv/memory-kv.ts';
import { createRedisKv } from './ports/kv/redis-kv.ts';
import { createPostgresLocks, type Locks } from './ports/locks/index.ts';
import { openRateWindow, type OpenRateWindow } from './ports/rate-window/index.ts';
import { openRedis, type RedisPort } from './ports/redis/redis.ts';

/** Everything that leaves the process, opened; what the modules stand on. */
export interface Platform {
  log: Logger;
  metrics: MetricsPage;
  tracer: Tracer;
  clock: Clock;
  events: EventBus;
  database: Database;
  databaseUrl: string;
  changes: ChangeFeed;
  /** Null without REDIS_URL. */
  redis: RedisPort | null;
  kv: Kv;
  /** Over Redis, or in memory without it. */
  rateWindow: OpenRateWindow;
  cache: Cache;
  /** Over the database: exact, and there is always one. */
  locks: Locks;
  secretBox: SecretBox;
  health: HealthCheck[];
}

export interface PlatformOptions {
  config: Config;
  log: Logger;
  /** Told, in a sentence each, what takes a while. */
  say: (line: string) => void;
  clock?: Clock;
}

/** Opens the ports in order; `undo` takes back what was opened, in reverse, also when a later one fails. */
export async function openPlatform(options: PlatformOptions, undo: AsyncDisposableStack): Promise<Platform> {
  const { config, log, say } = options;
  const metrics = createMetrics();
  undo.defer(() => metrics.stop());
  const tracer = await openTracer(config.tracing, log);
  undo.defer(() => tracer.stop());
  const databaseUrl = config.databaseUrl ?? (await startOwnDatabase(options, undo));
  const database = await openDatabase({
    url: databaseUrl,
    onIdleError: (error) => log.warn({ err: error }, 'A database connection was lost'),
  });
  undo.defer(() => database.close());
  await applyMigrations(database, databaseUrl, say);
  const secretBox = createSecretBox(await loadSecretKey(config));
  const changes = await openChangeFeed({
    url: databaseUrl,
    onError: (error) => log.warn({ err: error }, 'The change feed lost its connection'),
  });
  undo.defer(() => changes.stop());
  const redis = config.redisUrl === null ? null : await openRedis(config.redisUrl, log);
  if (redis !== null) undo.defer(() => redis.close());
  const cache = openCache({ redis, log });
  undo.defer(() => cache.stop());

  return {
    log,
    metrics,
    tracer,
    clock: options.clock ?? systemClock,
    events: createEventBus((error, event) => log.error({ err: error, event }, 'A listener failed')),
    database,
    databaseUrl,
    changes,
    redis,
    kv: chooseKv(redis, log),
    rateWindow: openRateWindow({ redis, log, metrics: metrics.limits }),
    cache,
    locks: createPostgresLocks({
      url: databaseUrl,
      report: (error) => log.debug({ err: error }, 'A lock could not be asked for or renewed'),
    }),
    secretBox,
    health: portChecks(database, changes, redis),
  };
}

async function startOwnDatabase({ config, say }: PlatformOptions, undo: AsyncDisposableStack): Promise<string> {
  say('Starting the database …');
  const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, log: say });
  undo.defer(() => postgres.stop());
  return postgres.url;
}

async function applyMigrations(database: Database, url: string, say: (line: string) => void): Promise<void> {
  const applied = await migrate(database, url);
  if (applied.length > 0) say(`Brought the database up to date (${applied.length} migrations).`);
}

function chooseKv(redis: RedisPort | null, log: Logger): Kv {
  const memory = createMemoryKv();
  if (redis === null) return memory;
  return createFallbackKv({
    first: createRedisKv(redis.client),
    second: memory,
    isUsable: () => redis.isReady(),
    onFailure: (error) => log.warn({ err: error }, 'Redis failed; counting in memory'),
  });
}

function portChecks(database: Database, changes: ChangeFeed, redis: RedisPort | null): HealthCheck[] {
  return [
    {
      name: 'database',
      async check() {
        await database.pool.query('select 1');
        return { state: 'ok' };
      },
    },
    {
      name: 'migrations',
      async check() {
        const pending = await database.orm.migrator.getPending();
        return pending.length === 0 ? { state: 'ok' } : { state: 'failing', detail: `${pending.length} pending` };
      },
    },
    {
      name: 'changes',
      check: () =>
        changes.isListening()
          ? { state: 'ok' }
          : { state: 'degraded', detail: 'what changes on other instances is heard once the connection is back' },
    },
    {
      name: 'redis',
      check() {
        if (redis === null) return { state: 'off', detail: 'REDIS_URL is not set' };
        return redis.isReady() ? { state: 'ok' } : { state: 'degraded', detail: 'counting in memory' };
      },
    },
  ];
}
