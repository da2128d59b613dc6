import { describe, expect, it } from 'vitest';

import type { NetworkGrant } from '../sandbox-host.ts';
import { isGranted } from './grant-rules.ts';
import { parseTarget } from './url-rules.ts';

const grant: NetworkGrant = {
  scheme: 'https',
  host: 'api.example.com',
  port: 443,
  pathPrefix: '/v1',
  methods: ['POST'],
};
const allows = (over: Partial<NetworkGrant>, url: string, method = 'POST') =>
  isGranted([{ ...grant, ...over }], parseTarget(url), method);

describe('a network grant', () => {
  it('covers its own scheme, host, port, path and method, and nothing beside', () => {
    expect(allows({}, 'https://api.example.com/v1/chat')).toBe(true);
    expect(allows({}, 'https://api.example.com/v1')).toBe(true);
    expect(allows({}, 'http://api.example.com:443/v1/chat')).toBe(false);
    expect(allows({}, 'https://api.example.com:8443/v1/chat')).toBe(false);
    expect(allows({}, 'https://example.com/v1/chat')).toBe(false);
    expect(allows({}, 'https://api.example.com.evil.example/v1/chat')).toBe(false);
    expect(allows({}, 'https://api.example.com/v10')).toBe(false);
    expect(allows({}, 'https://api.example.com/v1/chat', 'GET')).toBe(false);
    expect(isGranted([], parseTarget('https://api.example.com/v1'), 'POST')).toBe(false);
  });

  it.each([
    '/v1/../admin',
    '/v1/%2e%2e/admin',
    '/v1/..%2fadmin',
    '/v1/%252e%252e%252fadmin',
    '/v1/..;/admin',
    '/v1/..%5cadmin',
  ])('does not let a path climb out of its prefix: %s', (path) => {
    expect(allows({}, `https://api.example.com${path}`)).toBe(false);
  });

  it('lets a wildcard stand for exactly one label of a name', () => {
    const host = '*.example.com';
    expect(allows({ host }, 'https://eu.example.com/v1/x')).toBe(true);
    expect(allows({ host }, 'https://example.com/v1/x')).toBe(false);
    expect(allows({ host }, 'https://a.b.example.com/v1/x')).toBe(false);
    expect(allows({ host: '*.0.0.1', pathPrefix: '/' }, 'https://127.0.0.1/')).toBe(false);
  });

  it('names an IPv6 host with or without brackets', () => {
    expect(allows({ host: '::1' }, 'https://[::1]/v1')).toBe(true);
    expect(allows({ host: '[::1]' }, 'https://[::1]/v1')).toBe(true);
  });
});
