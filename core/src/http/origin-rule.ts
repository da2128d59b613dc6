import type { IncomingHttpHeaders } from 'node:http';
import type { ClientAddress } from './client-address.ts';

/**
 * Whether a request may come from where it says. Browsers send `Origin` with every unsafe request and every socket
 * handshake; programs send neither `Origin` nor `Sec-Fetch-Site` and carry no cookies of other sites.
 */
export function originAllowed(
  headers: IncomingHttpHeaders,
  client: Pick<ClientAddress, 'host' | 'secure'>,
  publicUrl: string | null,
): boolean {
  const { origin } = headers;
  if (origin === undefined) {
    const site = headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none';
  }
  if (publicUrl !== null && origin === publicUrl) return true;
  const parsed = URL.parse(origin);
  // The scheme is not compared: a proxy that ends TLS without being named as trusted would lock everybody out.
  return (
    parsed !== null && (parsed.protocol === 'http:' || parsed.protocol === 'https:') && parsed.host === hostOf(client)
  );
}

/** `example.com:80` and `example.com` are one place for a page served over http. */
function hostOf(client: Pick<ClientAddress, 'host' | 'secure'>): string {
  return URL.parse(`${client.secure ? 'https' : 'http'}://${client.host}`)?.host ?? client.host;
}
