import type { EntityManager } from '@mikro-orm/postgresql';
import { oneAtATime } from '../../lib/one-at-a-time.ts';
import { bindSecrets, checkSettings, resolveNetwork, type PluginRegistry } from '../plugins/index.ts';
import type { BoundSecret, NetworkGrant, PluginKey } from '@parley/sdk/sandbox';
import { ProviderConnection, ProviderModel } from './provider.entity.ts';
import type { ResolvedModel } from './provider-types.ts';
import { ModelNotFound, NoModel } from './providers.errors.ts';
import type { SecretBox } from '../../lib/secret-box.ts';
import { secretPurpose } from './secret-purpose.ts';

/** A connection ready to be called: its secrets are open here and go nowhere but into the sandbox's egress. */
export interface LiveConnection {
  id: string;
  name: string;
  plugin: PluginKey;
  pluginId: string;
  contribution: string;
  settings: Record<string, unknown>;
  network: NetworkGrant[];
  secrets: BoundSecret[];
}

/** Models and connections, kept in memory because every turn asks for them; `reload` after a change. */
export interface ModelCatalogue {
  list(): readonly ResolvedModel[];
  /** Null: the default model. Throws `ModelNotFound` or `NoModel`. */
  resolve(publicId: string | null): ResolvedModel;
  /** Undefined when it is switched off, or its plugin is. */
  connection(id: string): LiveConnection | undefined;
  /** The default an admin chose, if it can be used; else the first model. */
  defaultId(): string | null;
  reload(): Promise<void>;
}

export function createModelCatalogue(deps: {
  em(): EntityManager;
  registry: PluginRegistry;
  secretBox: SecretBox;
  /** Public id of the default model, from the settings. */
  chosenDefault(): string | null;
  onUnreadable(connection: string, error: unknown): void;
}): ModelCatalogue {
  let models: ResolvedModel[] = [];
  let byId = new Map<string, ResolvedModel>();
  let connections = new Map<string, LiveConnection>();

  const defaultModel = () => byId.get(deps.chosenDefault() ?? '') ?? models[0];

  // Two looks side by side may end in the other order, and the older one would stand.
  const reload = oneAtATime(async () => {
    const em = deps.em();
    const rows = await em.find(ProviderConnection, { enabled: true });
    const offered = await em.find(
      ProviderModel,
      { enabled: true },
      { populate: ['connection'], orderBy: { position: 'asc', id: 'asc' } },
    );
    connections = new Map(rows.flatMap((row) => toLive(row)).map((live) => [live.id, live]));
    models = offered.filter((row) => connections.has(row.connection.id)).map(toResolved);
    byId = new Map(models.map((model) => [model.publicId, model]));
  });

  function toLive(row: ProviderConnection): LiveConnection[] {
    try {
      return openConnection(row, deps.registry, deps.secretBox);
    } catch (error) {
      deps.onUnreadable(row.name, error);
      return [];
    }
  }

  return {
    list: () => models,
    resolve(publicId) {
      if (publicId === null) {
        const model = defaultModel();
        if (model === undefined) throw NoModel();
        return model;
      }
      const model = byId.get(publicId);
      if (model === undefined) throw ModelNotFound({ model: publicId.slice(0, 300) });
      return model;
    },
    connection: (id) => connections.get(id),
    defaultId: () => defaultModel()?.publicId ?? null,
    reload,
  };
}

/** Empty when the plugin is gone, switched off, or no longer offers this provider. */
export function openConnection(
  row: ProviderConnection,
  registry: PluginRegistry,
  secretBox: SecretBox,
): LiveConnection[] {
  const [pluginId, contribution] = row.provider.split('/') as [string, string];
  const entry = registry.find(pluginId);
  const offer = entry?.package.manifest.contributes.providers.find((one) => one.id === contribution);
  if (entry === undefined || offer === undefined || !entry.enabled) return [];
  const { manifest } = entry.package;
  const checked = checkSettings(offer.settings, row.settings);
  const settings = checked.ok ? checked.settings : row.settings;
  const opened = Object.fromEntries(
    Object.entries(row.secrets).map(([name, sealed]) => [name, secretBox.open(sealed, secretPurpose(row.id, name))]),
  );
  return [
    {
      id: row.id,
      name: row.name,
      plugin: entry.key,
      pluginId,
      contribution,
      settings,
      network: resolveNetwork(manifest, entry.refusedPermissions, settings),
      secrets: bindSecrets(manifest, opened, settings),
    },
  ];
}

function toResolved(row: ProviderModel): ResolvedModel {
  return {
    publicId: row.publicId,
    name: row.name,
    providerModel: row.providerModel,
    connectionId: row.connection.id,
    connectionName: row.connection.name,
    providerRef: row.connection.provider,
    contextTokens: row.contextTokens,
    vision: row.vision,
    tools: row.tools,
  };
}
