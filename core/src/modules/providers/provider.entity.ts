import { defineEntity, p } from '@mikro-orm/core';

/** A provider plugin's contribution, set up: settings, sealed secrets and the models offered through it. */
const ConnectionSchema = defineEntity({
  name: 'ProviderConnection',
  tableName: 'provider_connection',
  properties: {
    id: p.uuid().primary(),
    /** `publisher.name/local-id`. */
    provider: p.string().length(180),
    /** The first part of its models' public ids; never changes. */
    slug: p.string().length(40).unique(),
    name: p.string().length(60),
    enabled: p.boolean().default(true),
    settings: p.json<Record<string, unknown>>().default('{}'),
    /** Sealed values by name; opened only on the way to the sandbox. */
    secrets: p.json<Record<string, string>>().default('{}'),
    /** What an admin's last try said, since the settings and secrets are what they are. */
    lastTest: p.json<{ ok: boolean; detail: string | null }>().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});
export class ProviderConnection extends ConnectionSchema.class {}
ConnectionSchema.setClass(ProviderConnection);

const ModelSchema = defineEntity({
  name: 'ProviderModel',
  tableName: 'model',
  properties: {
    id: p.uuid().primary(),
    connection: () => p.manyToOne(ProviderConnection).fieldName('connection_id').deleteRule('cascade').index(),
    /** The provider's own id. */
    providerModel: p.string().length(200),
    /** `connection-slug/model-id`. */
    publicId: p.string().length(250).unique(),
    name: p.string().length(80),
    enabled: p.boolean().default(true),
    position: p.integer().default(0),
    contextTokens: p.integer(),
    vision: p.boolean().default(false),
    tools: p.boolean().default(false),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});
export class ProviderModel extends ModelSchema.class {}
ModelSchema.setClass(ProviderModel);
