import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttpClient, createSocket, type HttpClient, type ParleySocket } from '@parley/sdk/client';
import { type App, type AppOptions, createApp } from '../app.ts';
import type { Config } from '../config/config.ts';
import { defaultLimits, type LimitTable } from '../http/limits-table.ts';
import { createLogger } from '../observability/logger.ts';
import { createUserFactory, type TestUser, type UserFactory } from './factories/users.ts';
import { createMigratedDatabase } from './migrated-database.ts';

/** Of all test apps, so that what one has sealed another can open. */
export const testSecret = 'a secret that only tests have, and no other place';

export interface TestAppOptions extends Partial<Omit<AppOptions, 'config' | 'limits'>> {
  config?: Partial<Omit<Config, 'server'>> & { server?: Partial<Config['server']> };
  /** `real`: those of production. Otherwise no test runs into a limit it did not set. */
  limits?: 'real' | Partial<LimitTable>;
  /** An existing database, such as that of another instance; it is not dropped at the end. */
  databaseUrl?: string;
  /** No plugin, no sandbox worker: starts in a third of the time. For tests of rooms that know nothing of plugins. */
  withoutPlugins?: boolean;
}

export interface TestApp {
  app: App;
  /** Without a trailing slash. */
  url: string;
  databaseUrl: string;
  setupLink: string | null;
  /** Of the port of the metrics, if they have one. */
  metricsUrl: string | null;
  users: UserFactory;
  /** Speaks as this user's session, or as nobody. */
  http(user?: TestUser): HttpClient;
  /** Speaks with an API key. */
  httpWithKey(key: string): HttpClient;
  /** A connected socket; it is closed with the app. */
  socket(user: TestUser): Promise<ParleySocket>;
  stop(): Promise<void>;
}

/** The whole application on a database of its own and a free port: what a test of anything above a unit starts. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  await using undo = new AsyncDisposableStack();
  const dataDir = options.config?.dataDir ?? (await mkdtemp(join(tmpdir(), 'parley-app-')));
  if (options.config?.dataDir === undefined) undo.defer(() => rm(dataDir, { recursive: true, force: true }));
  const databaseUrl = options.databaseUrl ?? (await createMigratedDatabase(undo));
  const { config, limits, withoutPlugins, databaseUrl: _, ...rest } = options;
  const noPlugins = join(dataDir, 'no-plugins');
  if (withoutPlugins === true) await mkdir(noPlugins, { recursive: true });
  const app = await createApp({
    log: createLogger({ level: config?.logLevel ?? 'silent' }),
    checkResponses: true,
    ...rest,
    pluginsFolder: withoutPlugins === true ? noPlugins : rest.pluginsFolder,
    limits: limits === 'real' ? {} : { ...generous(), ...limits },
    config: {
      databaseUrl,
      redisUrl: null,
      s3: null,
      secret: testSecret,
      setup: null,
      drainMs: 1_000,
      role: 'all',
      stripeWebhookSecret: null,
      metrics: { token: null, port: null },
      tracing: null,
      logLevel: 'silent',
      ...config,
      dataDir,
      server: { host: '127.0.0.1', port: 0, publicUrl: null, trustedProxies: [], ...config?.server },
    },
  });
  undo.defer(() => app.stop());
  if (limits !== 'real' && options.databaseUrl === undefined) await openTiers(app);
  const { url, setupLink, metricsUrl } = await app.start();
  const local = url.replace('localhost', '127.0.0.1');
  const sockets: ParleySocket[] = [];
  undo.defer(() => sockets.forEach((socket) => socket.disconnect()));

  const running = undo.move();
  return {
    app,
    url: local,
    databaseUrl,
    setupLink,
    metricsUrl,
    users: createUserFactory(app),
    http: (user) => createHttpClient({ baseUrl: local, headers: user === undefined ? {} : { cookie: user.cookie } }),
    httpWithKey: (key) => createHttpClient({ baseUrl: local, headers: { authorization: `Bearer ${key}` } }),
    async socket(user) {
      const socket = createSocket(local, {
        extraHeaders: { cookie: user.cookie },
        forceNew: true,
        reconnection: false,
      });
      sockets.push(socket);
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
      });
      return socket;
    },
    stop: () => running.disposeAsync(),
  };
}

/**
 * As with the limits of endpoints: what a test wants to run into it sets itself, and what people are to be given; what is due would
 * come to them in the middle of some test.
 */
export async function openTiers(app: App): Promise<void> {
  await app.platform.database.pool.query(
    `update tier set requests_per_minute = 1000000, requests_per_day = null, tokens_per_day = null,
       sign_up_grant = 0, monthly_grant = 0`,
  );
}

function generous(): Partial<LimitTable> {
  return Object.fromEntries(
    Object.entries(defaultLimits).map(([name, { seconds }]) => [name, { points: 1_000_000, seconds }]),
  ) as LimitTable;
}
