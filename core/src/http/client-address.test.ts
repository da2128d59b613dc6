import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { clientAddressReader } from './client-address.ts';

function request(peer: string, headers: Record<string, string> = {}): IncomingMessage {
  return {
    socket: { remoteAddress: peer },
    headers: { host: 'parley.local', ...headers },
  } as unknown as IncomingMessage;
}

test('forwarded headers of a stranger count for nothing', () => {
  const read = clientAddressReader(['10.0.0.0/8']);
  expect(read(request('203.0.113.9', { 'x-forwarded-for': '1.1.1.1', 'x-forwarded-proto': 'https' }))).toEqual({
    address: '203.0.113.9',
    secure: false,
    host: 'parley.local',
    isFromProxy: false,
  });
});

test('behind trusted proxies the nearest address that is not a proxy is the client', () => {
  const read = clientAddressReader(['10.0.0.0/8', '::1']);
  const forwarded = { 'x-forwarded-for': '6.6.6.6, 198.51.100.7, 10.1.1.1', 'x-forwarded-proto': 'https' };
  expect(read(request('::ffff:10.0.0.2', forwarded))).toMatchObject({
    address: '198.51.100.7',
    secure: true,
    isFromProxy: true,
  });
});

test('a forwarded address that is none leaves the proxy itself', () => {
  const read = clientAddressReader(['10.0.0.2']);
  expect(read(request('10.0.0.2', { 'x-forwarded-for': 'unknown' })).address).toBe('10.0.0.2');
});
