import { isIP } from 'node:net';

import { invalidRequest, refusedAddress } from './egress-errors.ts';

/** A URL that was parsed once; everything later looks at these fields and never at the text again. */
export interface Target {
  scheme: 'http' | 'https';
  /** Lower case; an IPv6 literal without its brackets. */
  host: string;
  /** 4 or 6 for a literal address, 0 for a name. */
  ipVersion: number;
  port: number;
  path: string;
  /** With the question mark, or empty. */
  query: string;
}

const printableAscii = /^[\x21-\x7e]{1,8192}$/;
const shape = /^(https?):\/\/([^/?#]+)/i;
const hostName = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/**
 * The host must be written the way the parser writes it. So `0x7f.1`, `2130706433`, `%6c%6f…` and the dozens of other spellings of
 * an address are refused here as malformed, and only canonical ones reach the address rules.
 */
export function parseTarget(text: string): Target {
  if (!printableAscii.test(text)) throw invalidRequest('A URL must be printable ASCII of at most 8,192 characters');
  if (text.includes('\\')) throw invalidRequest('A URL must not contain a backslash');
  const authority = shape.exec(text)?.[2];
  if (authority === undefined || !URL.canParse(text)) throw invalidRequest('A URL must be http or https and absolute');
  if (authority.includes('@')) throw invalidRequest('A URL must not contain a user or password');
  const url = new URL(text);
  const writtenHost = authority.replace(/:\d{1,5}$/, '').toLowerCase();
  if (writtenHost !== url.hostname) throw refusedAddress();
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  const ipVersion = isIP(host);
  if (ipVersion === 0 && !hostName.test(host)) throw refusedAddress();
  return {
    scheme,
    host,
    ipVersion,
    port: url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port),
    path: url.pathname,
    query: url.search,
  };
}

export function originOf(target: Target): string {
  const host = target.ipVersion === 6 ? `[${target.host}]` : target.host;
  const usual = target.scheme === 'https' ? 443 : 80;
  return `${target.scheme}://${host}${target.port === usual ? '' : `:${target.port}`}`;
}

export function hrefOf(target: Target): string {
  return `${originOf(target)}${target.path}${target.query}`;
}
