import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { addRange } from '../lib/address-range.ts';

export interface ClientAddress {
  address: string;
  /** As the browser sees it, behind whatever ends TLS. */
  secure: boolean;
  /** Host and port the browser asked for. */
  host: string;
  /** The request came through a proxy the operator named, who is believed in more than the address. */
  isFromProxy: boolean;
}

/**
 * Who is at the other end. `X-Forwarded-*` is believed only from proxies the operator named: anybody can write
 * those headers, and limits and audit hang on the address.
 */
export function clientAddressReader(trustedProxies: readonly string[]): (request: IncomingMessage) => ClientAddress {
  const trusted = new BlockList();
  for (const entry of trustedProxies) addRange(trusted, entry);

  const isTrusted = (address: string) => {
    const version = isIP(address);
    return version !== 0 && trusted.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };

  return (request) => {
    const peer = plainAddress(request.socket.remoteAddress ?? '');
    const secure = 'encrypted' in request.socket && request.socket.encrypted === true;
    const host = request.headers.host ?? '';
    if (trustedProxies.length === 0 || !isTrusted(peer)) return { address: peer, secure, host, isFromProxy: false };

    const hops = list(request.headers['x-forwarded-for']).map(plainAddress);
    // From the right, the first address that is not one of our proxies is the client; what stands left of it is hearsay.
    const client = hops.toReversed().find((hop) => !isTrusted(hop));
    return {
      address: client !== undefined && isIP(client) !== 0 ? client : peer,
      secure: (list(request.headers['x-forwarded-proto'])[0] ?? (secure ? 'https' : 'http')) === 'https',
      host: list(request.headers['x-forwarded-host'])[0] ?? host,
      isFromProxy: true,
    };
  };
}

function list(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** IPv4 clients of a dual-stack socket arrive as ::ffff:1.2.3.4. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
