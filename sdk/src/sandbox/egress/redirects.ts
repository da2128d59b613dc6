import { refusedAddress } from './egress-errors.ts';
import { credentialHeaders } from './header-rules.ts';
import { type Target, hrefOf, originOf, parseTarget } from './url-rules.ts';

/** A request as the plugin sees it, placeholders and all. */
export interface Hop {
  target: Target;
  method: string;
  headers: [string, string][];
  body: Uint8Array | undefined;
  isFirst: boolean;
}

export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/** The next hop by the fetch standard: 303, and 301/302 after POST, become GET; credentials stay with their origin. */
export function followRedirect(hop: Hop, status: number, location: string): Hop {
  const href = hrefOf(hop.target);
  if (!URL.canParse(location, href)) throw refusedAddress();
  const target = parseTarget(new URL(location, href).href.replace(/#.*$/, ''));
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST';
  const sameOrigin = originOf(target) === originOf(hop.target);
  return {
    target,
    method: becomesGet ? 'GET' : hop.method,
    headers: hop.headers.filter(
      ([name]) => !(becomesGet && name.startsWith('content-')) && (sameOrigin || !credentialHeaders.has(name)),
    ),
    body: becomesGet ? undefined : hop.body,
    isFirst: false,
  };
}
