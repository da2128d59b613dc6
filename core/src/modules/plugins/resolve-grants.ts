import type { NetworkPermission, PluginManifest, SecretPermission } from '@parley/sdk/contract';
import type { BoundSecret, Grants, NetworkGrant } from '@parley/sdk/sandbox';

/** Paths of the permissions an admin may refuse one by one: `networkPrivate`, `storage`, `network.0` … */
export function optionalPermissions(manifest: PluginManifest): string[] {
  const { network, secrets, networkPrivate, storage, conversationRead, userProfile } = manifest.permissions;
  const plain = Object.entries({ networkPrivate, storage, conversationRead, userProfile });
  return [
    ...network.flatMap((entry, index) => (entry.optional ? [`network.${index}`] : [])),
    ...plain.flatMap(([name, entry]) => (entry?.optional === true ? [name] : [])),
    ...secrets.flatMap((entry, index) => (entry.optional ? [`secrets.${index}`] : [])),
  ];
}

/** What the plugin may do everywhere: the manifest's wishes less what was refused. Grants from settings are added per connection. */
export function resolveGrants(
  manifest: PluginManifest,
  refused: readonly string[],
  settings: Record<string, unknown>,
): Grants {
  const { networkPrivate, storage, conversationRead, userProfile } = manifest.permissions;
  const granted = (name: string, wish: unknown) => wish !== undefined && !refused.includes(name);
  return {
    network: resolveNetwork(manifest, refused, settings),
    networkPrivate: granted('networkPrivate', networkPrivate),
    capabilities: Object.entries({ storage, conversationRead, userProfile }).flatMap(([name, wish]) =>
      granted(name, wish) ? [name] : [],
    ),
  };
}

/** Network grants, those "of the host in setting X" included where `settings` holds a usable URL. */
export function resolveNetwork(
  manifest: PluginManifest,
  refused: readonly string[],
  settings: Record<string, unknown>,
): NetworkGrant[] {
  return manifest.permissions.network.flatMap((permission, index) => {
    if (refused.includes(`network.${index}`)) return [];
    const grant = toGrant(permission, settings);
    return grant === null ? [] : [grant];
  });
}

function toGrant(permission: NetworkPermission, settings: Record<string, unknown>): NetworkGrant | null {
  if ('fromSetting' in permission) return grantOfUrl(settings[permission.fromSetting], permission.methods);
  const { scheme, host, pathPrefix, methods } = permission;
  return { scheme, host, port: permission.port ?? defaultPort(scheme), pathPrefix, methods };
}

function grantOfUrl(value: unknown, methods: string[]): NetworkGrant | null {
  const url = typeof value === 'string' ? URL.parse(value.trim()) : null;
  if (url === null) return null;
  const scheme = url.protocol === 'https:' ? 'https' : url.protocol === 'http:' ? 'http' : null;
  if (scheme === null) return null;
  return {
    scheme,
    host: url.hostname,
    port: url.port === '' ? defaultPort(scheme) : Number(url.port),
    pathPrefix: '/',
    methods,
  };
}

/** A secret goes only where it is bound; without a place to go it is not handed out at all. */
export function bindSecrets(
  manifest: PluginManifest,
  values: Record<string, string>,
  settings: Record<string, unknown>,
): BoundSecret[] {
  return manifest.permissions.secrets.flatMap((permission) => {
    const value = values[permission.name];
    const grant = secretGrant(manifest, permission, settings);
    return value === undefined || value === '' || grant === null
      ? []
      : [{ name: permission.name, value, grant, in: permission.in }];
  });
}

function secretGrant(
  manifest: PluginManifest,
  { boundTo }: SecretPermission,
  settings: Record<string, unknown>,
): NetworkGrant | null {
  const all = manifest.permissions.network;
  const permission = all.find((entry) =>
    'fromSetting' in boundTo
      ? 'fromSetting' in entry && entry.fromSetting === boundTo.fromSetting
      : 'host' in entry && entry.host === boundTo.host,
  );
  return permission === undefined ? null : toGrant(permission, settings);
}

function defaultPort(scheme: 'http' | 'https'): number {
  return scheme === 'https' ? 443 : 80;
}
