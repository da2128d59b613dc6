import { z } from 'zod';
import { SignUpPolicy } from './accounts.ts';
import { Id, IdParams, line, Settings, Timestamp } from './common.ts';
import { PluginId, PluginManifest } from './plugin-manifest.ts';
import { defineRoutes } from './routes.ts';

export const InstanceSettings = z.object({
  instanceName: line(60),
  signUp: SignUpPolicy,
  /** Public model id; null: the first enabled model. */
  defaultModel: z.string().max(300).nullable(),
  /** Titles are written by a model; off: the first words of the first message. */
  modelTitles: z.boolean(),
  /** Where credits can be bought, such as a payment link; the buyer's id is added as `client_reference_id`. */
  topUpUrl: z
    .url({ protocol: /^https$/ })
    .max(1000)
    .nullable(),
});
export type InstanceSettings = z.infer<typeof InstanceSettings>;

/** What a plugin offers to connect to. */
export const ProviderKind = z.object({
  /** `publisher.name/local-id`. */
  ref: z.string(),
  name: z.string(),
  pluginId: z.string(),
  configurable: z.boolean(),
  discovers: z.boolean(),
  settingsSchema: z.record(z.string(), z.json()).nullable(),
  secrets: z.array(z.object({ name: z.string(), title: z.string(), optional: z.boolean() })),
});
export type ProviderKind = z.infer<typeof ProviderKind>;

const Slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,38}$/, { message: 'takes lower case letters, digits and dashes' });
export const Connection = z.object({
  id: Id,
  provider: z.string(),
  slug: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  settings: Settings,
  /** Names of the secrets that are set; their values are never given out. */
  secretsSet: z.array(z.string()),
  /** `off`: the plugin is disabled or gone. `failing`: the last call said auth or quota, or the last test failed. */
  health: z.enum(['unknown', 'ok', 'failing', 'off']),
  healthDetail: z.string().nullable(),
  modelCount: z.int(),
  createdAt: Timestamp,
});
export type Connection = z.infer<typeof Connection>;
export const ConnectionCreate = z.object({
  provider: z.string().max(200),
  name: line(60),
  /** Made from the name when absent. */
  slug: Slug.optional(),
  settings: Settings.default({}),
  secrets: z.record(z.string().max(64), z.string().max(10_000)).default({}),
  enabled: z.boolean().default(true),
});
export const ConnectionChange = z
  .object({
    name: line(60),
    enabled: z.boolean(),
    settings: Settings,
    /** Null removes a secret; absent ones stay. */
    secrets: z.record(z.string().max(64), z.string().max(10_000).nullable()),
  })
  .partial();
export const ConnectionTest = z.object({
  ok: z.boolean(),
  ms: z.int(),
  modelsFound: z.int().nullable(),
  /**
   * `network.private-refused`: an admin may allow what `data` names (`pluginId`, `permission`, `host`) under Plugins;
   * `network.private-not-asked`: the plugin does not ask for it. Other codes are the sandbox's.
   */
  failure: z
    .object({ code: z.string(), detail: z.string(), data: z.record(z.string(), z.string()).optional() })
    .nullable(),
});

export const AdminModel = z.object({
  id: Id,
  publicId: z.string(),
  connectionId: Id,
  providerModel: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  position: z.int(),
  contextTokens: z.int(),
  vision: z.boolean(),
  tools: z.boolean(),
});
export type AdminModel = z.infer<typeof AdminModel>;
export const AdminModelCreate = z.object({
  connectionId: Id,
  providerModel: line(200),
  name: line(80).optional(),
  contextTokens: z.int().min(256).max(10_000_000).default(128_000),
  vision: z.boolean().default(false),
  tools: z.boolean().default(false),
  enabled: z.boolean().default(true),
});
export const AdminModelChange = z
  .object({
    name: line(80),
    enabled: z.boolean(),
    contextTokens: z.int().min(256).max(10_000_000),
    vision: z.boolean(),
    tools: z.boolean(),
  })
  .partial();
/** What the server offers; `known`: already in our list. */
export const DiscoveredModel = z.object({
  id: z.string(),
  name: z.string().optional(),
  contextTokens: z.int().optional(),
  known: z.boolean(),
});
export type DiscoveredModel = z.infer<typeof DiscoveredModel>;

export const InstalledPlugin = z.object({
  id: PluginId,
  version: z.string(),
  name: z.string(),
  description: z.string(),
  author: z.string(),
  trust: z.enum(['official', 'reviewed', 'unreviewed', 'dev']),
  enabled: z.boolean(),
  manifest: PluginManifest,
  settings: Settings,
  /** Optional permissions that were refused, by path such as `networkPrivate`. */
  refusedPermissions: z.array(z.string()),
  health: z.object({
    state: z.enum(['healthy', 'slow', 'resting', 'disabled', 'off']),
    restingSeconds: z.int().nullable(),
    calls: z.int(),
    failures: z.int(),
    p95Ms: z.number(),
    memoryBytes: z.int(),
    lastFailure: z.string().nullable(),
  }),
});
export type InstalledPlugin = z.infer<typeof InstalledPlugin>;
export const PluginChange = z
  .object({ enabled: z.boolean(), settings: Settings, refusedPermissions: z.array(z.string().max(100)).max(50) })
  .partial();

export const HookKind = z.enum(['promptTransforms', 'moderators', 'streamFilters']);
export const HookOrder = z.object({
  kind: HookKind,
  /** As resolved, first runs first. */
  hooks: z.array(
    z.object({
      ref: z.string(),
      name: z.string(),
      plugin: z.string(),
      enabled: z.boolean(),
      onFailure: z.enum(['open', 'closed']),
    }),
  ),
});
export type HookOrder = z.infer<typeof HookOrder>;

const PluginParams = z.object({ id: PluginId });
export const adminRoutes = defineRoutes({
  'GET /api/admin/settings': { summary: 'Settings of this installation', access: 'admin', response: InstanceSettings },
  'PATCH /api/admin/settings': {
    summary: 'Change settings',
    access: 'admin',
    body: InstanceSettings.partial(),
    response: InstanceSettings,
  },
  'GET /api/admin/provider-kinds': {
    summary: 'What can be connected',
    access: 'admin',
    response: z.array(ProviderKind),
  },
  'GET /api/admin/connections': { summary: 'Provider connections', access: 'admin', response: z.array(Connection) },
  'POST /api/admin/connections': {
    summary: 'Connect a provider',
    access: 'admin',
    body: ConnectionCreate,
    response: Connection,
    status: 201,
  },
  'PATCH /api/admin/connections/:id': {
    summary: 'Change a connection',
    access: 'admin',
    params: IdParams,
    body: ConnectionChange,
    response: Connection,
  },
  'DELETE /api/admin/connections/:id': {
    summary: 'Remove a connection and its models',
    access: 'admin',
    params: IdParams,
  },
  'POST /api/admin/connections/:id/test': {
    summary: 'Try the connection',
    access: 'admin',
    params: IdParams,
    response: ConnectionTest,
  },
  'POST /api/admin/connections/:id/discover': {
    summary: 'Ask the server for its models',
    access: 'admin',
    params: IdParams,
    response: z.array(DiscoveredModel),
  },
  'GET /api/admin/models': { summary: 'All models', access: 'admin', response: z.array(AdminModel) },
  'POST /api/admin/models': {
    summary: 'Offer a model',
    access: 'admin',
    body: AdminModelCreate,
    response: AdminModel,
    status: 201,
  },
  'PATCH /api/admin/models/:id': {
    summary: 'Change a model',
    access: 'admin',
    params: IdParams,
    body: AdminModelChange,
    response: AdminModel,
  },
  'DELETE /api/admin/models/:id': { summary: 'Withdraw a model', access: 'admin', params: IdParams },
  'PUT /api/admin/models/order': {
    summary: 'Order the models',
    access: 'admin',
    body: z.object({ ids: z.array(Id).max(2000) }),
    response: z.array(AdminModel),
  },
  'GET /api/admin/plugins': { summary: 'Installed plugins', access: 'admin', response: z.array(InstalledPlugin) },
  'PATCH /api/admin/plugins/:id': {
    summary: 'Switch a plugin, change its settings',
    access: 'admin',
    params: PluginParams,
    body: PluginChange,
    response: InstalledPlugin,
  },
  'POST /api/admin/plugins/:id/revive': {
    summary: 'Put a resting or disabled plugin back to work',
    access: 'admin',
    params: PluginParams,
    response: InstalledPlugin,
  },
  'GET /api/admin/hooks': { summary: 'Hooks in their resolved order', access: 'admin', response: z.array(HookOrder) },
  'PUT /api/admin/hooks/:kind': {
    summary: 'Reorder the hooks of a kind',
    access: 'admin',
    params: z.object({ kind: HookKind }),
    body: z.object({ refs: z.array(z.string().max(200)).max(200) }),
    response: HookOrder,
  },
});
