import { defineEntity, p } from '@mikro-orm/core';

/** What an admin decided about an installed plugin. Its code and manifest are the package's, not ours to change. */
const PluginSchema = defineEntity({
  name: 'Plugin',
  tableName: 'plugin',
  properties: {
    /** `publisher.name`. */
    id: p.string().length(110).primary(),
    enabled: p.boolean().default(true),
    settings: p.json<Record<string, unknown>>().default('{}'),
    /** Optional permissions that were refused, such as `networkPrivate`. */
    refusedPermissions: p.json<string[]>().default('[]'),
    installedAt: p.datetime().defaultRaw('now()'),
  },
});
export class Plugin extends PluginSchema.class {}
PluginSchema.setClass(Plugin);

/** A plugin's own key-value store. */
const PluginStorageSchema = defineEntity({
  name: 'PluginStorage',
  tableName: 'plugin_storage',
  properties: {
    plugin: p.string().length(110).primary(),
    key: p.string().length(200).primary(),
    value: p.json<unknown>(),
    bytes: p.integer(),
  },
});
export class PluginStorage extends PluginStorageSchema.class {}
PluginStorageSchema.setClass(PluginStorage);

/** The order an admin gave the hooks of one kind; kinds without a row use the plugins' own wishes. */
const HookOrderSchema = defineEntity({
  name: 'HookOrder',
  tableName: 'hook_order',
  properties: {
    kind: p.string().length(40).primary(),
    refs: p.json<string[]>(),
  },
});
export class HookOrder extends HookOrderSchema.class {}
HookOrderSchema.setClass(HookOrder);
