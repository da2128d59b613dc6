import type { NetworkPermission, PluginManifest } from '@parley/sdk/contract';
import { formatBytes } from '../../../i18n/format.ts';
import { t } from '../../../i18n/i18n.svelte.ts';

export interface PermissionLine {
  /** The server's name for it, such as `network.0`. */
  path: string;
  what: string;
  reason: string;
  optional: boolean;
  /** Reaches machines that are not on the internet. */
  isPrivate: boolean;
}

/** Each permission as a sentence: what it does, and the author's reason. */
export function permissionLines({ permissions, settings, contributes }: PluginManifest): PermissionLine[] {
  const lines: PermissionLine[] = [];
  const add = (path: string, what: string, { reason, optional }: { reason: string; optional: boolean }) =>
    lines.push({ path, what, reason, optional, isPrivate: path === 'networkPrivate' });
  const schemas = [settings, ...contributes.providers.map((provider) => provider.settings)];

  permissions.network.forEach((one, index) => add(`network.${index}`, networkSentence(one, schemas), one));
  if (permissions.networkPrivate) add('networkPrivate', t('admin.permission-private'), permissions.networkPrivate);
  permissions.secrets.forEach((one, index) =>
    add(`secrets.${index}`, t('admin.permission-secret', { title: one.title }), one),
  );
  if (permissions.storage) {
    const size = formatBytes(permissions.storage.bytes);
    add('storage', t('admin.permission-storage', { size }), permissions.storage);
  }
  if (permissions.conversationRead)
    add('conversationRead', t('admin.permission-conversation'), permissions.conversationRead);
  if (permissions.userProfile) add('userProfile', t('admin.permission-profile'), permissions.userProfile);
  return lines;
}

function networkSentence(permission: NetworkPermission, schemas: readonly (Record<string, unknown> | undefined)[]) {
  if ('host' in permission) {
    const port = permission.port === undefined ? '' : `:${permission.port}`;
    const path = permission.pathPrefix === '/' ? '' : permission.pathPrefix;
    return t('admin.permission-network-host', { host: `${permission.scheme}://${permission.host}${port}${path}` });
  }
  return t('admin.permission-network-setting', { setting: titleOf(permission.fromSetting, schemas) });
}

/** A setting is known to people by its title. */
function titleOf(setting: string, schemas: readonly (Record<string, unknown> | undefined)[]): string {
  for (const schema of schemas) {
    const properties = schema?.['properties'];
    if (typeof properties !== 'object' || properties === null) continue;
    const property = (properties as Record<string, unknown>)[setting];
    if (typeof property !== 'object' || property === null || !('title' in property)) continue;
    if (typeof property.title === 'string') return property.title;
  }
  return setting;
}
