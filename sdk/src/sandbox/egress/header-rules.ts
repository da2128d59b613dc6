import { invalidRequest } from './egress-errors.ts';

const namePattern = /^[a-z0-9!#$%&'*+.^_`|~-]{1,128}$/;
/** Printable ASCII, space and tab; no line ends, so nobody can write a second header or request. */
const valuePattern = /^[\t\x20-\x7e]{0,16384}$/;

/** Hop-by-hop headers, and those that the host itself decides. */
const forbidden = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);

/** Lower-case names. Throws for anything a plugin may not send. */
export function checkHeaders(headers: readonly [string, string][]): [string, string][] {
  if (headers.length > 64) throw invalidRequest('A request takes at most 64 headers');
  let size = 0;
  return headers.map(([rawName, value]) => {
    const name = rawName.toLowerCase();
    if (!namePattern.test(name)) throw invalidRequest('A header name contains characters that are not allowed');
    if (forbidden.has(name) || name.startsWith('proxy-')) throw invalidRequest(`The header ${name} is set by the host`);
    if (!valuePattern.test(value))
      throw invalidRequest(`The value of ${name} contains characters that are not allowed`);
    size += name.length + value.length;
    if (size > 32_768) throw invalidRequest('The headers are larger than 32 kB');
    return [name, value];
  });
}

/** Headers that must not follow a redirect to another origin. */
export const credentialHeaders = new Set(['authorization', 'cookie', 'x-api-key', 'api-key', 'x-goog-api-key']);
