import type { InstanceSettings } from '@parley/sdk/contract';
import type { EventBus } from '../../events/event-bus.ts';
import type { ApiRoute } from '../../http/api-route.ts';
import type { ClusterJob } from '../../jobs/cluster-job.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { Cache } from '../../ports/cache/index.ts';
import type { ChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import type { Database } from '../../ports/database/database.ts';
import type { Kv } from '../../ports/kv/kv.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import type { Audit } from '../audit/index.ts';
import { AccountsService } from './accounts.service.ts';
import { ApiKeysService } from './api-keys.service.ts';
import { authRoutes } from './auth.routes.ts';
import { createCredentials, type Credentials } from './credentials.ts';
import { createDirectory, type Directory } from './directory.ts';
import { expireAccountsJob } from './expire-accounts.job.ts';
import { invitationRoutes } from './invitations.routes.ts';
import { InvitationsService } from './invitations.service.ts';
import { meRoutes } from './me.routes.ts';
import { findPeople, type Person } from './people.ts';
import { createProfiles, type Profiles } from './profiles.ts';
import { sessionCookies } from './session-cookie.ts';
import { SessionsService } from './sessions.service.ts';
import { Setup } from './setup.ts';
import { SignInGuard } from './sign-in-guard.ts';
import { tierRoutes } from './tiers.routes.ts';
import { TiersService } from './tiers.service.ts';
import { StandingService } from './standing.service.ts';

export { UserNotFound } from './accounts.errors.ts';
export { createApiKeyFor } from './create-api-key-for.ts';
export type { Credentials } from './credentials.ts';
export type { DirectoryDetail, DirectoryEntry } from './directory.ts';
export type { Person } from './people.ts';
export type { Profile, Profiles } from './profiles.ts';
export { Tier } from './tier.entity.ts';
export { TIERS_CHANGED, TiersService, type UserTier } from './tiers.service.ts';
export { User } from './user.entity.ts';

export interface AccountsDeps {
  database: Database;
  audit: Audit;
  changes: ChangeFeed;
  events: EventBus;
  kv: Kv;
  cache: Cache;
  clock: Clock;
  log: Logger;
  broadcaster: Broadcaster;
  settings: () => InstanceSettings;
  /** Where people reach Parley, for links. */
  baseUrl: () => string;
  publicUrl: string | null;
}

export interface AccountsModule {
  credentials: Credentials;
  setup: Setup;
  profiles: Profiles;
  accounts: AccountsService;
  sessions: SessionsService;
  apiKeys: ApiKeysService;
  /** Names for ids; those of accounts that are gone are missing. */
  people(ids: readonly string[]): Promise<Map<string, Person>>;
  tiers: TiersService;
  /** For admins: everybody, and what can be decided about them. */
  directory: Directory;
  standing: StandingService;
  routes: ApiRoute[];
  jobs: ClusterJob[];
}

export function createAccountsModule(deps: AccountsDeps): AccountsModule {
  const credentials = createCredentials(deps);
  const setup = new Setup(deps);
  const sessions = new SessionsService({ ...deps, credentials });
  const guard = new SignInGuard(deps);
  const accounts = new AccountsService({
    ...deps,
    sessions,
    setup,
    guard,
    signUpPolicy: () => deps.settings().signUp,
  });
  const apiKeys = new ApiKeysService({ ...deps, credentials });
  const invitations = new InvitationsService(deps);
  const tiers = new TiersService(deps);
  const cookies = sessionCookies(deps.publicUrl);
  return {
    credentials,
    setup,
    profiles: createProfiles(deps),
    accounts,
    sessions,
    apiKeys,
    directory: createDirectory(deps.database.pool),
    standing: new StandingService({ ...deps, credentials, accounts }),
    people: (ids) => findPeople(deps.database.pool, ids),
    tiers,
    routes: [
      ...authRoutes({ accounts, sessions, credentials, setup, cookies, settings: deps.settings }),
      ...meRoutes({ accounts, sessions, apiKeys }),
      ...invitationRoutes(invitations),
      ...tierRoutes(tiers),
    ],
    jobs: [expireAccountsJob(deps.database)],
  };
}
