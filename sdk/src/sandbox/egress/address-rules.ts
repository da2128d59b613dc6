import { BlockList, isIP } from 'node:net';

function ranges(entries: string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix = ''] = entry.split('/');
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** What an admin may open with the `networkPrivate` permission, host by host. */
const grantable = ranges([
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  // Shared address space: carriers, and the overlay networks people run at home.
  '100.64.0.0/10',
  '::1/128',
  'fc00::/7',
]);

/** Never, with any grant: link-local carries the metadata services of clouds; the others are no hosts at all. */
const never4 = ranges([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]);

/** Global unicast is 2000::/3; inside it these are refused. */
const global6 = ranges(['2000::/3']);
const never6 = ranges([
  // Teredo (2001::/32), ORCHID and the rest of the special block.
  '2001::/23',
  '2001:db8::/32',
  // 6to4: an IPv4 address in disguise.
  '2002::/16',
  '3fff::/20',
  // Metadata service of one large cloud.
  'fd00:ec2::254/128',
]);
/** Addresses with an IPv4 address inside, outside 2000::/3, so refused there as well: ::ffff:0:0/96, ::/96, 64:ff9b::/96, 64:ff9b:1::/48. */

/** `address` is a literal in any form `net.isIP` takes; decided on its bits, never on its text. */
export function mayConnect(address: string, allowPrivate: boolean): boolean {
  const version = isIP(address);
  // A zone (fe80::1%eth0) names an interface of this machine.
  if (version === 0 || address.includes('%')) return false;
  if (version === 4) {
    if (never4.check(address, 'ipv4')) return false;
    return allowPrivate || !grantable.check(address, 'ipv4');
  }
  if (never6.check(address, 'ipv6')) return false;
  if (isMapped(address)) return false;
  if (global6.check(address, 'ipv6')) return true;
  return allowPrivate && grantable.check(address, 'ipv6');
}

/** BlockList reads a mapped address as the IPv4 one inside; so it is recognised by its bits before. */
function isMapped(address: string): boolean {
  return new URL(`http://[${address}]`).hostname.startsWith('[::ffff:');
}
