import type { NetworkPermission, PluginManifest } from '../contract/plugin-manifest.ts';
import type { BoundSecret, Grants, NetworkGrant } from '../sandbox/index.ts';

type Settings = Readonly<Record<string, unknown>>;

/** Everything the manifest asks for, as if an admin had granted it all. */
export function grantAll(manifest: PluginManifest, settings: Settings = {}): Grants {
  const { network, networkPrivate, storage, conversationRead, userProfile } = manifest.permissions;
  const capabilities = Object.entries({ storage, conversationRead, userProfile })
    .filter(([, permission]) => permission !== undefined)
    .map(([name]) => name);
  return {
    network: network.flatMap((permission) => resolveNetwork(permission, settings)),
    networkPrivate: networkPrivate !== undefined,
    capabilities,
  };
}

/** Secrets by name, each bound to the hosts that the manifest names for it. */
export function bindSecrets(
  manifest: PluginManifest,
  values: Readonly<Record<string, string>>,
  settings: Settings,
): BoundSecret[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const permission = manifest.permissions.secrets.find((declared) => declared.name === name);
    if (permission === undefined) throw new Error(`the manifest declares no secret "${name}"`);
    const { boundTo } = permission;
    const grants = manifest.permissions.network
      .filter((network) =>
        'fromSetting' in boundTo
          ? 'fromSetting' in network && network.fromSetting === boundTo.fromSetting
          : 'host' in network && network.host === boundTo.host,
      )
      .flatMap((network) => resolveNetwork(network, settings));
    return grants.map((grant) => ({ name, value, grant, in: permission.in }));
  });
}

/** The grant for one address, with everything below its path. */
export function grantForUrl(url: string, methods: string[] = ['GET', 'POST']): NetworkGrant {
  const { protocol, hostname, port, pathname } = new URL(url);
  const scheme = protocol === 'https:' ? 'https' : 'http';
  return {
    scheme,
    host: hostname,
    port: port === '' ? (scheme === 'https' ? 443 : 80) : Number(port),
    pathPrefix: pathname.replace(/\/+$/, '') || '/',
    methods,
  };
}

function resolveNetwork(permission: NetworkPermission, settings: Settings): NetworkGrant[] {
  if ('fromSetting' in permission) {
    const url = settings[permission.fromSetting];
    return typeof url === 'string' && URL.canParse(url) ? [grantForUrl(url, permission.methods)] : [];
  }
  const { scheme, host, port, pathPrefix, methods } = permission;
  return [{ scheme, host, port: port ?? (scheme === 'https' ? 443 : 80), pathPrefix, methods }];
}
