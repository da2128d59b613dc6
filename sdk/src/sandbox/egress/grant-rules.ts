import type { NetworkGrant } from '../sandbox-host.ts';
import type { Target } from './url-rules.ts';

/** Servers differ in when they decode; a path that could climb out of its prefix in any of them does not match. */
function climbs(path: string): boolean {
  const decoded = path.replace(/%(?:25)*2e/gi, '.').replace(/%(?:25)*(?:2f|5c)/gi, '/');
  return decoded.split('/').some((segment) => segment.replace(/;.*$/, '') === '..');
}

function pathMatches(prefix: string, path: string): boolean {
  if (prefix === '/' || prefix === '') return true;
  if (climbs(path)) return false;
  if (prefix.endsWith('/')) return path.startsWith(prefix);
  return path === prefix || path.startsWith(`${prefix}/`);
}

function hostMatches(granted: string, target: Target): boolean {
  const host = granted.toLowerCase();
  if (!host.startsWith('*.')) return host === target.host || host === `[${target.host}]`;
  if (target.ipVersion !== 0) return false;
  const dot = target.host.indexOf('.');
  return dot > 0 && target.host.slice(dot) === host.slice(1);
}

function sameService(grant: NetworkGrant, target: Target): boolean {
  return grant.scheme === target.scheme && grant.port === target.port && hostMatches(grant.host, target);
}

function grantCovers(grant: NetworkGrant, target: Target, method: string): boolean {
  return sameService(grant, target) && grant.methods.includes(method) && pathMatches(grant.pathPrefix, target.path);
}

/** Whether a secret bound to this grant may travel there. Methods are the request's own affair and were checked with its grants. */
export function secretMayTravel(boundTo: NetworkGrant, target: Target): boolean {
  return sameService(boundTo, target) && pathMatches(boundTo.pathPrefix, target.path);
}

export function isGranted(grants: readonly NetworkGrant[], target: Target, method: string): boolean {
  return grants.some((grant) => grantCovers(grant, target, method));
}
