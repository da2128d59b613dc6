import { type CapabilityHandler, HostCallError } from '@parley/sdk/sandbox';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { PluginRegistry } from '../plugin-registry.ts';

const Key = z
  .string()
  .min(1)
  .max(200)
  .refine((key) => !key.includes('\0'));
const argumentsOf = {
  get: z.strictObject({ key: Key }),
  set: z.strictObject({ key: Key, value: z.json() }),
  delete: z.strictObject({ key: Key }),
  list: z.strictObject({ prefix: z.string().max(200).default('') }),
};

/** A plugin's own store. Whose it is comes from the process that asks, never from an argument; the quota is the manifest's. */
export function storageCapabilities(deps: { pool: Pool; registry: PluginRegistry }): Record<string, CapabilityHandler> {
  const granted = (plugin: string) => {
    const id = plugin.slice(0, plugin.lastIndexOf('@'));
    const entry = deps.registry.find(id);
    const wish = entry?.package.manifest.permissions.storage;
    if (wish === undefined || entry!.refusedPermissions.includes('storage')) {
      throw new HostCallError('host.denied', 'storage was not granted');
    }
    return { id, quota: wish };
  };

  return {
    'storage.get': async ({ plugin, args }) => {
      const { id } = granted(plugin);
      const { key } = parse(argumentsOf.get, args);
      const { rows } = await deps.pool.query<{ value: unknown }>(
        'select value from plugin_storage where plugin = $1 and key = $2',
        [id, key],
      );
      return rows[0]?.value ?? null;
    },
    'storage.set': async ({ plugin, args }) => {
      const { id, quota } = granted(plugin);
      const { key, value } = parse(argumentsOf.set, args);
      const json = JSON.stringify(value);
      const bytes = Buffer.byteLength(json) + Buffer.byteLength(key);
      // The quota is checked by the statement that writes. Two writes at the same instant may pass it together by one value.
      const written = await deps.pool.query(
        `insert into plugin_storage (plugin, key, value, bytes)
         select $1::text, $2::text, $3::jsonb, $4::int
         from (select count(*) keys, coalesce(sum(bytes), 0) bytes from plugin_storage where plugin = $1 and key <> $2) used
         where used.keys < $5 and used.bytes + $4 <= $6
         on conflict (plugin, key) do update set value = excluded.value, bytes = excluded.bytes`,
        [id, key, json, bytes, quota.keys, quota.bytes],
      );
      if (written.rowCount === 0) throw new HostCallError('host.budget', 'the storage quota is used up');
      return null;
    },
    'storage.delete': async ({ plugin, args }) => {
      const { id } = granted(plugin);
      const { key } = parse(argumentsOf.delete, args);
      await deps.pool.query('delete from plugin_storage where plugin = $1 and key = $2', [id, key]);
      return null;
    },
    'storage.list': async ({ plugin, args }) => {
      const { id } = granted(plugin);
      const { prefix } = parse(argumentsOf.list, args);
      const { rows } = await deps.pool.query<{ key: string }>(
        'select key from plugin_storage where plugin = $1 and starts_with(key, $2) order by key limit 10000',
        [id, prefix],
      );
      return rows.map((row) => row.key);
    },
  };
}

function parse<T>(schema: z.ZodType<T>, args: unknown): T {
  const parsed = schema.safeParse(args);
  if (parsed.success) return parsed.data;
  throw new HostCallError('host.invalid', parsed.error.issues[0]?.message ?? 'the arguments are not valid');
}
