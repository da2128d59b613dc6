import type { EntityManager } from '@mikro-orm/postgresql';
import type { Connection } from '@parley/sdk/contract';
import type { ApiRoute } from '../../http/api-route.ts';
import type { SecretBox } from '../../lib/secret-box.ts';
import type { Logger } from '../../observability/logger.ts';
import type { ChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import type { Audit } from '../audit/index.ts';
import type { LimitsModule } from '../limits/index.ts';
import type { PluginsModule } from '../plugins/index.ts';
import { createCallSlots } from './call-slots.ts';
import { createConnectionHealth } from './connection-health.ts';
import { connectionView } from './connection-view.ts';
import { ConnectionsService } from './connections.service.ts';
import type { DefaultModel } from './default-model.ts';
import { ensureFixedConnections } from './fixed-connections.ts';
import { createModelCatalogue, type ModelCatalogue } from './model-catalogue.ts';
import { ModelsService } from './models.service.ts';
import { createProviderRouter } from './provider-router.ts';
import type { ProviderRouter } from './provider-types.ts';
import { providerRoutes } from './providers.routes.ts';

export { forgetSecrets } from './forget-secrets.ts';
export type { ModelCatalogue } from './model-catalogue.ts';
export type {
  ContentPart,
  ProviderEnd,
  ProviderRouter,
  ProviderSink,
  ReportedUsage,
  ResolvedModel,
  StreamedPart,
} from './provider-types.ts';
export { ProviderConnection, ProviderModel } from './provider.entity.ts';
export { modelsFor, resolveFor } from './resolve-for.ts';
export { tracedRouter } from './traced-router.ts';
export { ModelNotFound, NoModel } from './providers.errors.ts';

export interface ProvidersDeps {
  em(): EntityManager;
  changes: ChangeFeed;
  audit: Audit;
  log: Logger;
  secretBox: SecretBox;
  plugins: PluginsModule;
  limits: Pick<LimitsModule, 'effective'>;
  defaultModel: DefaultModel;
  /** Called when models came, went or changed. */
  onModelsChanged(): void;
  callLimits?: { total: number; perConnection: number };
}

export interface ProvidersModule {
  models: ModelCatalogue;
  router: ProviderRouter;
  connections: ConnectionsService;
  /** Every connection, and how it has been lately. */
  connectionViews(): Promise<Connection[]>;
  /** Offers a model; for tests and first steps as much as for the admin screen. */
  offered: ModelsService;
  routes: ApiRoute[];
  stop(): void;
}

const topic = 'providers';
/** Provider calls at once on one instance; the rest wait their turn. */
const defaultCallLimits = { total: 2_000, perConnection: 2_000 };

export async function createProvidersModule(deps: ProvidersDeps): Promise<ProvidersModule> {
  const { em, log, secretBox, changes, audit } = deps;
  const { registry, sandbox, hooks } = deps.plugins;
  const health = createConnectionHealth();
  const catalogue = createModelCatalogue({
    em,
    registry,
    secretBox,
    chosenDefault: () => deps.defaultModel.chosen(),
    onUnreadable: (connection, error) => log.error({ connection, err: error }, 'A connection cannot be used'),
  });

  async function refresh(): Promise<void> {
    await catalogue.reload();
    deps.onModelsChanged();
  }
  const refreshLater = () =>
    void refresh().catch((error: unknown) => log.error({ err: error }, 'Changed models could not be read again'));
  const changed = async () => {
    await refresh();
    await changes.announce(topic);
  };

  const { defaultModel } = deps;
  const connections = new ConnectionsService({ em, registry, secretBox, health, audit, defaultModel, changed });
  const view = connectionView(connections, health);
  const models = new ModelsService({ em, audit, defaultModel, changed });
  await ensureFixedConnections(em(), connections.offers());
  await catalogue.reload();
  const undo = [changes.on(topic, refreshLater), deps.plugins.onChanged(refreshLater)];

  return {
    models: catalogue,
    router: createProviderRouter({
      sandbox,
      hooks,
      catalogue,
      health,
      slots: createCallSlots(deps.callLimits ?? defaultCallLimits),
      random: Math.random,
    }),
    connections,
    connectionViews: () => view.all(),
    offered: models,
    routes: providerRoutes({ connections, models, catalogue, view, registry, sandbox, secretBox, limits: deps.limits }),
    stop: () => undo.forEach((stop) => stop()),
  };
}
