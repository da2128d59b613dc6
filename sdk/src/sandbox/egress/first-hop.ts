import { invalidRequest } from './egress-errors.ts';
import type { EgressRequest } from './egress-types.ts';
import { checkHeaders } from './header-rules.ts';
import type { Hop } from './redirects.ts';
import { parseTarget } from './url-rules.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const defaultRequestBytes = 10_000_000;

/** Checks everything that does not depend on a grant, and fills in what the host decides. */
export function firstHop(request: EgressRequest): Hop {
  const { method } = request;
  if (!methods.has(method)) throw invalidRequest('The method must be GET, HEAD, POST, PUT, PATCH or DELETE');
  const target = parseTarget(request.url.replace(/#.*$/s, ''));
  const headers = checkHeaders(request.headers);
  const body = typeof request.body === 'string' ? Buffer.from(request.body) : request.body;
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) {
    throw invalidRequest(`A ${method} request takes no body`);
  }
  const most = request.limits.requestBytes ?? defaultRequestBytes;
  if (body !== undefined && body.byteLength > most) throw invalidRequest(`The body is larger than ${most} bytes`);

  const has = (name: string): boolean => headers.some(([given]) => given === name);
  if (!has('accept')) headers.push(['accept', '*/*']);
  // Compressing single tokens costs the server and us more than it saves, and many servers then hold pieces back.
  const wantsEvents = headers.some(([name, value]) => name === 'accept' && value.includes('text/event-stream'));
  if (!has('accept-encoding')) headers.push(['accept-encoding', wantsEvents ? 'identity' : 'gzip, deflate, br']);
  if (!has('user-agent')) headers.push(['user-agent', 'Parley']);
  if (body !== undefined || method === 'POST' || method === 'PUT' || method === 'PATCH') {
    headers.push(['content-length', String(body?.byteLength ?? 0)]);
  }
  return { target, method, headers, body, isFirst: true };
}
