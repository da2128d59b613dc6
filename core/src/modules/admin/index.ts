import { hostname } from 'node:os';
import type { Role } from '../../config/config.ts';
import type { EventBus } from '../../events/event-bus.ts';
import { type ApiRoute, apiRoute } from '../../http/api-route.ts';
import type { ClusterJob } from '../../jobs/cluster-job.ts';
import type { Sweep } from '../../jobs/sweep.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Cache } from '../../ports/cache/index.ts';
import type { Database } from '../../ports/database/database.ts';
import type { AccountsModule } from '../accounts/index.ts';
import type { Audit } from '../audit/index.ts';
import type { ProvidersModule } from '../providers/index.ts';
import { type Activity, createActivity } from './activity.ts';
import { BEAT_MS, createBeat } from './beat.ts';
import { cacheRoutes } from './caches.routes.ts';
import { forgetOld } from './overview-queries.ts';
import { readOverview } from './overview.ts';
import { peopleRoutes } from './people.routes.ts';

export interface AdminDeps {
  database: Database;
  cache: Cache;
  audit: Audit;
  events: EventBus;
  log: Logger;
  accounts: AccountsModule;
  providers: ProvidersModule;
  instance: { id: string; role: Role; version: string };
  /** Who is connected here, by a socket each. */
  socketUsers(): Iterable<string>;
  isDegraded(): boolean;
  /** Hears of every change of that. */
  onDegraded(listener: () => void): void;
  /** Whether a route's time says something of the API: it is one of it, and no stream. */
  isTimed(route: string, method: string): boolean;
}

export interface AdminModule {
  /** Wants to hear of every answer. */
  activity: Pick<Activity, 'answered'>;
  routes: ApiRoute[];
  sweeps: Sweep[];
  jobs: ClusterJob[];
  stop(): Promise<void>;
}

export function createAdminModule(deps: AdminDeps): AdminModule {
  const { pool } = deps.database;
  const activity = createActivity(deps.events, deps.isTimed);
  const instance = { ...deps.instance, host: hostname(), startedAt: new Date() };
  const beat = createBeat({ ...deps, pool, activity, instance });
  // The others need not wait for the next beat: an outage and its end are known everywhere at once.
  deps.onDegraded(() => {
    beat
      .send()
      .catch((error: unknown) => deps.log.warn({ err: error }, 'The next beat will tell how this instance is'));
  });

  return {
    activity,
    routes: [
      ...peopleRoutes(deps),
      ...cacheRoutes(deps),
      apiRoute('GET /api/admin/overview', {}, async () => {
        // What this instance knows is told first, so that an installation of one shows what is and not what was.
        await beat.send();
        return readOverview({ pool, instanceId: instance.id, providers: deps.providers });
      }),
    ],
    sweeps: [{ name: 'admin.beat', everyMs: BEAT_MS, run: () => beat.send() }],
    jobs: [{ name: 'admin.forget', cron: '*/10 * * * *', run: () => forgetOld(pool) }],
    async stop() {
      activity.stop();
      await beat.leave().catch((error: unknown) => {
        deps.log.warn({ err: error }, 'Others will find out by themselves that this instance is gone');
      });
    },
  };
}
