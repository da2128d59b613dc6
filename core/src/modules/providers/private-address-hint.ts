import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { NetworkGrant } from '@parley/sdk/sandbox';
import { mayConnect } from '@parley/sdk/sandbox/egress';
import type { InstalledEntry } from '../plugins/index.ts';

export interface PrivateAddressHint {
  code: 'network.private-refused' | 'network.private-not-asked';
  detail: string;
  data: { pluginId: string; permission: 'networkPrivate'; host: string };
}

/**
 * Why a connection cannot work, where the reason is its address: the plugin hears nothing but "refused", so that it learns
 * nothing of the network; an admin may know.
 */
export async function privateAddressHint(
  plugin: InstalledEntry,
  network: readonly NetworkGrant[],
): Promise<PrivateAddressHint | null> {
  const { id, name, permissions } = plugin.package.manifest;
  const isAsked = permissions.networkPrivate !== undefined;
  if (isAsked && !plugin.refusedPermissions.includes('networkPrivate')) return null;
  const hosts = network.map((grant) => grant.host.replace(/^\[|\]$/g, '')).filter((host) => !host.includes('*'));
  for (const host of hosts) {
    if (!(await isPrivate(host))) continue;
    const data = { pluginId: id, permission: 'networkPrivate' as const, host };
    const where = `"${host}" is on this machine or in a private network`;
    return isAsked
      ? {
          code: 'network.private-refused',
          detail: `${where}, which the plugin "${name}" may not reach. Allow it under Plugins.`,
          data,
        }
      : {
          code: 'network.private-not-asked',
          detail: `${where}, and the plugin "${name}" does not ask to reach those.`,
          data,
        };
  }
  return null;
}

async function isPrivate(host: string): Promise<boolean> {
  // A name that cannot be resolved is another trouble, and told as such.
  const addresses = isIP(host) === 0 ? await lookup(host, { all: true }).catch(() => []) : [{ address: host }];
  // Refused as it is, and open to a plugin with the permission: the very rule that egress goes by.
  return addresses.some(({ address }) => !mayConnect(address, false) && mayConnect(address, true));
}
