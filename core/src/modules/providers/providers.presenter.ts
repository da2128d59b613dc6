import type { AdminModel, Connection, Model, ProviderKind } from '@parley/sdk/contract';
import type { ConnectionState } from './connection-health.ts';
import type { ProviderOffer } from './connections.service.ts';
import type { ProviderConnection, ProviderModel } from './provider.entity.ts';
import type { ResolvedModel } from './provider-types.ts';

export function presentModel(model: ResolvedModel, defaultId: string | null): Model {
  return {
    id: model.publicId,
    name: model.name,
    provider: model.connectionName,
    contextTokens: model.contextTokens,
    vision: model.vision,
    tools: model.tools,
    isDefault: model.publicId === defaultId,
  };
}

export function presentKind({ ref, plugin, offer }: ProviderOffer): ProviderKind {
  const { id, permissions } = plugin.package.manifest;
  return {
    ref,
    name: offer.name,
    pluginId: id,
    configurable: offer.configurable,
    discovers: offer.discovers,
    settingsSchema: offer.settings ?? null,
    secrets: permissions.secrets
      .filter((secret) => offer.secrets.includes(secret.name))
      .map(({ name, title, optional }) => ({ name, title, optional })),
  };
}

export function presentConnection(
  row: ProviderConnection,
  extra: { modelCount: number; state: ConnectionState; isPluginOn: boolean },
): Connection {
  return {
    id: row.id,
    provider: row.provider,
    slug: row.slug,
    name: row.name,
    enabled: row.enabled,
    settings: row.settings as Connection['settings'],
    secretsSet: Object.keys(row.secrets),
    health: extra.isPluginOn ? extra.state.health : 'off',
    healthDetail: extra.isPluginOn ? extra.state.detail : null,
    modelCount: extra.modelCount,
    createdAt: row.createdAt.toISOString(),
  };
}

export function presentAdminModel(row: ProviderModel): AdminModel {
  return {
    id: row.id,
    publicId: row.publicId,
    connectionId: row.connection.id,
    providerModel: row.providerModel,
    name: row.name,
    enabled: row.enabled,
    position: row.position,
    contextTokens: row.contextTokens,
    vision: row.vision,
    tools: row.tools,
  };
}
