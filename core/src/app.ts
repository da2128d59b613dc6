import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { clientEvents, routes as contract, type TurnFrame } from '@parley/sdk/contract';
import type { AppModule } from './app-module.ts';
import type { Config } from './config/config.ts';
import type { LimitTable } from './http/limits-table.ts';
import { oneAtATime } from './lib/one-at-a-time.ts';
import { urlHost } from './lib/url-host.ts';
import { uuidV7 } from './lib/uuid-v7.ts';
import { closeServer, listen } from './http/listen.ts';
import { isTimed } from './http/is-timed.ts';
import { toldTwice } from './http/told-twice.ts';
import { measuredLimiter } from './http/middleware/measured-limiter.ts';
import { createLimiter, type Limiter } from './http/middleware/rate-limit.ts';
import { createHealthServer } from './http/health-server.ts';
import { createHttpServer } from './http/server.ts';
import { createClusterJobs, noClusterJobs } from './jobs/cluster-jobs.ts';
import { createSweeper } from './jobs/sweeper.ts';
import { openMetricsPort } from './metrics-port.ts';
import { type AccountsModule, createAccountsModule } from './modules/accounts/index.ts';
import { type AdminModule, createAdminModule } from './modules/admin/index.ts';
import { type AuditModule, createAuditModule } from './modules/audit/index.ts';
import { type ChatModule, createChatModule } from './modules/chat/index.ts';
import { type ConversationsModule, createConversationsModule } from './modules/conversations/index.ts';
import { createCreditsModule, type CreditsModule } from './modules/credits/index.ts';
import { createLimitsModule, type LimitsModule } from './modules/limits/index.ts';
import { createModerationModule, type Moderation } from './modules/moderation/index.ts';
import { createOpenAiApi } from './modules/openai-api/index.ts';
import { createPluginsModule, type PluginsModule } from './modules/plugins/index.ts';
import { loadTokenCounter } from './modules/prompting/index.ts';
import { createProvidersModule, type ProvidersModule, tracedRouter } from './modules/providers/index.ts';
import { createSettingsModule, type SettingsModule } from './modules/settings/index.ts';
import type { Logger } from './observability/logger.ts';
import { sandboxCheck } from './observability/sandbox-check.ts';
import type { Clock } from './ports/clock/clock.ts';
import { stripePayments } from './ports/payments/stripe.ts';
import { openEventLog } from './ports/event-log/index.ts';
import { openPlatform, type Platform } from './platform.ts';
import { createRealtimeServer, type RealtimeServer } from './realtime/server.ts';
import { version } from './version.ts';
import { watchApp } from './watch-app.ts';

export interface AppOptions {
  config: Config;
  log: Logger;
  /** Told, in a sentence each, what takes a while. */
  say?: (line: string) => void;
  clock?: Clock;
  /** Instead of the defaults; for benchmarks and tests. */
  limits?: Partial<LimitTable>;
  /** Answers are parsed by the contract too; for tests. */
  checkResponses?: boolean;
  /** Where first-party plugins lie; for tests. */
  pluginsFolder?: string;
}

export interface Modules {
  audit: AuditModule;
  settings: SettingsModule;
  accounts: AccountsModule;
  credits: CreditsModule;
  limits: LimitsModule;
  plugins: PluginsModule;
  providers: ProvidersModule;
  moderation: Moderation;
  conversations: ConversationsModule;
  chat: ChatModule;
  admin: AdminModule;
}

export interface App {
  platform: Platform;
  modules: Modules;
  limiter: Limiter;
  realtime: RealtimeServer;
  /**
   * Serves from now on; returns the address people use and, while there is no user, the one-time setup link; also that of
   * the metrics, if they have a port of their own.
   */
  start(): Promise<{ url: string; setupLink: string | null; metricsUrl: string | null }>;
  /** Ends everything in order; what does not end in time is cut. */
  stop(): Promise<void>;
}

const defaultPluginsFolder = fileURLToPath(new URL('../../plugins', import.meta.url));
const webFolder = fileURLToPath(new URL('../../web/dist', import.meta.url));
const ANSWERS_FINISH_WITHIN_MS = 5_000;
/** Longer than what proxies wait before they use a connection again; else they meet one that is just being closed. */
const KEEP_ALIVE_MS = 65_000;
const SWEEP_SOCKETS_MS = 60_000;

/** Builds everything from the bottom up; nothing is served before `start`. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, log } = options;
  const servesPeople = config.role !== 'worker';
  await using undo = new AsyncDisposableStack();
  const platform = await openPlatform({ ...options, say: options.say ?? (() => {}) }, undo);
  const address = { url: config.server.publicUrl ?? '' };
  let stage: 'serving' | 'draining' | 'stopping' = 'serving';

  const { metrics } = platform;
  const limiter = measuredLimiter(
    createLimiter({ window: platform.rateWindow, limits: options.limits }),
    metrics.limits,
  );
  const realtime = await createRealtimeServer({
    ...config.server,
    log,
    redis: platform.redis,
    metrics: metrics.sockets,
    tracer: platform.tracer,
  });
  undo.defer(() => realtime.stop());
  const { modules, fronts } = await buildModules({ options, platform, realtime, limiter, baseUrl: () => address.url });
  watchApp({ platform, modules, realtime });
  // In reverse, when everything else is still there to be told.
  for (const { stop } of fronts) if (stop !== undefined) undo.defer(() => stop());

  const routes = fronts.flatMap((module) => module.routes ?? []);
  const socketRoutes = fronts.flatMap((module) => module.socketRoutes ?? []);
  const bare = {
    ...config.server,
    log,
    role: config.role,
    health: () => [...platform.health, ...fronts.flatMap((module) => module.health ?? [])],
    metrics: { ...metrics, http: toldTwice(metrics.http, modules.admin.activity) },
    // Whoever gives them a port of their own wants them nowhere else.
    metricsToken: config.metrics.port === null ? config.metrics.token : null,
    tracer: platform.tracer,
    isDraining: () => stage !== 'serving',
  };
  const koa = servesPeople
    ? createHttpServer({
        ...bare,
        contract,
        routes,
        mounts: Object.assign({}, ...fronts.map((module) => module.mounts ?? {})) as NonNullable<AppModule['mounts']>,
        authenticator: modules.accounts.credentials,
        limiter,
        webFolder,
        version,
        checkResponses: options.checkResponses,
        isStopping: () => stage === 'stopping',
      })
    : createHealthServer(bare);
  const handle = koa.callback();
  // Koa answers the promise it returns itself; nothing is left to wait for.
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS },
    (request, response) => void handle(request, response),
  );
  if (servesPeople) {
    realtime.listen(server, {
      contract: clientEvents,
      routes: socketRoutes,
      authenticator: modules.accounts.credentials,
      limiter,
    });
  }
  const dropEnded = oneAtATime(() => realtime.dropEnded(modules.accounts.credentials));
  const sweeper = createSweeper({
    log,
    sweeps: [
      ...fronts.flatMap((module) => module.sweeps ?? []),
      // A session that ended while the news of it got lost must not live on in a socket.
      { name: 'sockets.sweep', everyMs: SWEEP_SOCKETS_MS, run: dropEnded },
    ],
  });
  undo.defer(() => sweeper.stop());
  const jobs =
    config.role === 'web'
      ? noClusterJobs
      : createClusterJobs({
          log,
          pool: platform.database.pool,
          locks: platform.locks,
          jobs: fronts.flatMap((module) => module.jobs ?? []),
        });
  undo.defer(() => jobs.stop());
  modules.accounts.credentials.onChanged(() => {
    dropEnded().catch((error: unknown) => log.warn({ err: error }, 'Ended sessions could not be looked for'));
  });

  const running = undo.move();
  async function end(): Promise<void> {
    stage = 'draining';
    platform.events.emit('process.stopping', {});
    // Alone, they would only find a closed door; together, the others show what goes on here.
    const moved = platform.redis?.isReady() === true ? realtime.moveAway(config.drainMs) : undefined;
    // Others do the work of the cluster from now on.
    await Promise.all([jobs.stop(), sweeper.stop(), moved, modules.chat.drain(config.drainMs)]);
    stage = 'stopping';
    // Everything ends (in `running`, from the top down) while answers that are on their way finish.
    await Promise.all([closeServer(server, ANSWERS_FINISH_WITHIN_MS), running.disposeAsync()]);
  }
  let stopped: Promise<void> | undefined;
  return {
    platform,
    modules,
    limiter,
    realtime,
    async start() {
      if (config.setup !== null && servesPeople) await modules.accounts.setup.unattended(config.setup);
      await modules.chat.start();
      const port = await listen(server, config.server.host, config.server.port);
      if (config.server.publicUrl === null) address.url = `http://${urlHost(config.server.host)}:${port}`;
      const metricsUrl = await openMetricsPort({ config, log, metrics }, running);
      sweeper.start();
      await jobs.start();
      const token = servesPeople ? await modules.accounts.setup.makeToken() : null;
      return { url: address.url, setupLink: token === null ? null : `${address.url}/setup?token=${token}`, metricsUrl };
    },
    stop() {
      stopped ??= end();
      return stopped;
    },
  };
}

interface Building {
  options: AppOptions;
  platform: Platform;
  realtime: RealtimeServer;
  limiter: Limiter;
  baseUrl: () => string;
}

/** The modules from the ground up; `fronts` is what each hands to the servers, in the same order. */
async function buildModules({
  options,
  platform,
  realtime,
  limiter,
  baseUrl,
}: Building): Promise<{ modules: Modules; fronts: AppModule[] }> {
  const { database, changes, log, secretBox } = platform;
  const { broadcaster } = realtime;
  const em = () => database.em();

  const audit = createAuditModule({ database, people: (ids) => accounts.people(ids) });
  const settings = await createSettingsModule({ ...platform, audit });
  const accounts: AccountsModule = createAccountsModule({
    ...platform,
    audit,
    broadcaster,
    baseUrl,
    publicUrl: options.config.server.publicUrl,
    settings: () => settings.service.current(),
  });
  const limits = createLimitsModule({
    ...platform,
    metrics: platform.metrics.limits,
    audit,
    broadcaster,
    tiers: accounts.tiers,
    profiles: accounts.profiles,
    openTurns: (userId) => chat.service.listOpen(userId),
    endpoints: limiter.table,
  });
  const stripeSecret = options.config.stripeWebhookSecret;
  const credits = await createCreditsModule({
    ...platform,
    metrics: platform.metrics.credits,
    limiter,
    payments: stripeSecret === null ? null : stripePayments(stripeSecret),
    audit,
    broadcaster,
    profiles: accounts.profiles,
    people: accounts.people,
    topUpUrl: () => settings.service.current().topUpUrl,
  });
  // The first message that has a price by tokens would wait for the tables; here only the sandbox is waited for.
  const counter = options.config.role !== 'worker' && credits.isPricedByTokens() ? loadTokenCounter() : null;
  const plugins = await createPluginsModule({
    em,
    pool: database.pool,
    changes,
    audit,
    log,
    tracer: platform.tracer,
    officialFolder: options.pluginsFolder ?? defaultPluginsFolder,
  });
  await counter;
  const moderation = createModerationModule(plugins);
  const providers = await createProvidersModule({
    em,
    changes,
    audit,
    log,
    secretBox,
    plugins,
    limits,
    defaultModel: {
      chosen: () => settings.service.current().defaultModel,
      clear: async (by) => void (await settings.service.change({ defaultModel: null }, by)),
    },
    onModelsChanged: () => broadcaster.emitLocal('everyone', 'models:changed', undefined),
  });
  const conversations = createConversationsModule({ ...platform, broadcaster });
  const instanceId = uuidV7();
  const eventLog = openEventLog<TurnFrame>({ ...platform, instanceId });
  const chat: ChatModule = createChatModule({
    ...platform,
    broadcaster,
    eventLog,
    conversations,
    models: providers.models,
    router: tracedRouter(providers.router, platform.tracer),
    moderation,
    promptHooks: plugins.promptHooks,
    profiles: accounts.profiles,
    limits,
    credits: credits.turns,
    settings: () => settings.service.current(),
    isSoleInstance: options.config.databaseUrl === null,
    instanceId,
  });
  const admin = createAdminModule({
    ...platform,
    audit,
    accounts,
    providers,
    instance: { id: instanceId, role: options.config.role, version },
    socketUsers: () => realtime.socketUsers(),
    isDegraded: () => platform.redis?.isReady() === false,
    onDegraded: (listener) => void platform.redis?.onChange(listener),
    isTimed,
  });
  const openAiApi = createOpenAiApi({
    complete: chat.complete,
    models: providers.models,
    authenticator: accounts.credentials,
    limits,
    limiter,
    log,
  });

  return {
    modules: { audit, settings, accounts, credits, limits, plugins, moderation, providers, conversations, chat, admin },
    fronts: [
      audit,
      settings,
      accounts,
      credits,
      limits,
      { ...plugins, stop: () => plugins.stop(), health: [sandboxCheck(plugins.sandbox)] },
      providers,
      conversations,
      { stop: () => eventLog.close() },
      { ...chat, stop: () => chat.stop() },
      openAiApi,
      admin,
    ],
  };
}
