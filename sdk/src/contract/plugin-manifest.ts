import { z } from 'zod';

/** `publisher.name`, both lower case. */
export const PluginId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,38}\.[a-z0-9][a-z0-9-]{0,62}$/, {
  message: 'must read publisher.name in lower case letters, digits and dashes',
});
const LocalId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const Name = z.string().min(1).max(80);
const Reason = z.string().min(10).max(300);
const SettingName = z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,62}$/);
export const Semver = z.string().regex(/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/);

/** What a failing hook means: `open` goes on without it, `closed` ends the turn with a typed error. */
export const FailureMode = z.enum(['open', 'closed']);

const HookOrder = {
  /** Lower runs earlier; equal ones run in the order of their plugin ids. */
  priority: z.int().min(-1000).max(1000).default(0),
  /** Contribution references `publisher.name/local-id` that must come later / earlier. */
  before: z.array(z.string().max(200)).max(20).default([]),
  after: z.array(z.string().max(200)).max(20).default([]),
};

export const ProviderContribution = z.strictObject({
  id: LocalId,
  name: Name,
  /** True: an admin adds any number of connections, each with its own settings and secrets. False: one connection, there from the start. */
  configurable: z.boolean().default(true),
  /** JSON Schema (draft 2020-12, an object) of one connection's settings. */
  settings: z.record(z.string(), z.json()).optional(),
  /** Names of secrets a connection takes; each must be declared under `permissions.secrets`. */
  secrets: z.array(SettingName).max(8).default([]),
  /** Models known without asking the server. */
  models: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(200),
        name: Name,
        contextTokens: z.int().positive().optional(),
        vision: z.boolean().default(false),
        tools: z.boolean().default(false),
      }),
    )
    .max(200)
    .default([]),
  /** True: the plugin answers `listModels`. */
  discovers: z.boolean().default(false),
});
export const PromptTransformContribution = z.strictObject({
  id: LocalId,
  name: Name,
  onFailure: FailureMode.default('open'),
  ...HookOrder,
});
export const ModeratorContribution = z.strictObject({
  id: LocalId,
  name: Name,
  on: z.array(z.enum(['input', 'output'])).min(1),
  onFailure: FailureMode.default('closed'),
  ...HookOrder,
});
export const StreamFilterContribution = z.strictObject({
  id: LocalId,
  name: Name,
  onFailure: FailureMode.default('closed'),
  /** Most characters the filter keeps back before it must let text go; 0 to 4,096. */
  holdBackChars: z.int().min(0).max(4096).default(256),
  ...HookOrder,
});

export const Contributions = z.strictObject({
  providers: z.array(ProviderContribution).max(20).default([]),
  promptTransforms: z.array(PromptTransformContribution).max(20).default([]),
  moderators: z.array(ModeratorContribution).max(20).default([]),
  streamFilters: z.array(StreamFilterContribution).max(20).default([]),
});

/** One network grant. `fromSetting` takes scheme, host, port and path prefix from the URL in that setting of the connection. */
export const NetworkPermission = z.union([
  z.strictObject({
    scheme: z.enum(['http', 'https']).default('https'),
    /** Exact host, or one leftmost wildcard label: `*.example.com`. */
    host: z.string().regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/),
    port: z.int().min(1).max(65535).optional(),
    pathPrefix: z.string().startsWith('/').default('/'),
    methods: z.array(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])).default(['GET', 'POST']),
    reason: Reason,
    optional: z.boolean().default(false),
  }),
  z.strictObject({
    fromSetting: SettingName,
    methods: z.array(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])).default(['GET', 'POST']),
    reason: Reason,
    optional: z.boolean().default(false),
  }),
]);
/** A secret is sent only to the hosts of the network grants it names, put into one header (or query parameter) by the host. */
export const SecretPermission = z.strictObject({
  name: SettingName,
  title: Name,
  /** `fromSetting` of a network permission, or an exact host. */
  boundTo: z.union([z.strictObject({ fromSetting: SettingName }), z.strictObject({ host: z.string() })]),
  in: z.enum(['header', 'query']).default('header'),
  reason: Reason,
  optional: z.boolean().default(true),
});
const Plain = z.strictObject({ reason: Reason, optional: z.boolean().default(false) });
export const Permissions = z.strictObject({
  network: z.array(NetworkPermission).max(20).default([]),
  /** Loopback and private ranges, for the hosts of `network` only. */
  networkPrivate: Plain.optional(),
  secrets: z.array(SecretPermission).max(10).default([]),
  storage: z
    .strictObject({
      reason: Reason,
      optional: z.boolean().default(false),
      keys: z.int().min(1).max(10_000).default(100),
      bytes: z.int().min(1).max(10_000_000).default(100_000),
    })
    .optional(),
  conversationRead: Plain.optional(),
  userProfile: Plain.optional(),
});

export const PluginManifest = z.strictObject({
  $schema: z.string().optional(),
  id: PluginId,
  version: Semver,
  /** Dated plugin API this was written against. */
  api: z.literal('2026-11-01'),
  name: Name,
  description: z.string().min(1).max(500),
  author: z.string().min(1).max(120),
  license: z.string().min(1).max(60),
  /** The one bundled server file inside the package. */
  server: z.string().default('dist/server.js'),
  contributes: Contributions.prefault({}),
  permissions: Permissions.prefault({}),
  /** JSON Schema (draft 2020-12, an object) of the settings an admin sees. */
  settings: z.record(z.string(), z.json()).optional(),
  /** Official plugins only: one context serves all turns, for speed (they keep no state between calls). */
  sharedContext: z.boolean().default(false),
});
export type PluginManifest = z.infer<typeof PluginManifest>;
export type ProviderContribution = z.infer<typeof ProviderContribution>;
export type PromptTransformContribution = z.infer<typeof PromptTransformContribution>;
export type ModeratorContribution = z.infer<typeof ModeratorContribution>;
export type StreamFilterContribution = z.infer<typeof StreamFilterContribution>;
export type NetworkPermission = z.infer<typeof NetworkPermission>;
export type SecretPermission = z.infer<typeof SecretPermission>;
export type FailureMode = z.infer<typeof FailureMode>;
