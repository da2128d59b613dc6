import http from 'node:http';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { NetworkGrant } from '../sandbox-host.ts';
import { createEgress } from './egress.ts';
import type { EgressRequest } from './egress-types.ts';
import { holdSecrets } from './held-secrets.ts';

const limits = { connectMs: 60_000, firstByteMs: 60_000, idleMs: 60_000, responseBytes: 1_000_000 };
const names: Record<string, string[]> = {
  'two.test': ['127.0.0.1'],
  'mixed.test': ['1.1.1.1', '127.0.0.1'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'metadata.test': ['169.254.169.254'],
  'broken.test': ['::1', '127.0.0.1'],
};
const asked: string[] = [];
const egress = createEgress({
  resolver: async (host) => {
    asked.push(host);
    const addresses = names[host];
    if (!addresses) throw Object.assign(new Error('no such host'), { code: 'ENOTFOUND' });
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  },
});

let port = 0;
let connections = 0;
/** What the endless answers got rid of. */
let endlessBytes = 0;
const seen: { url: string | undefined; method: string | undefined; headers: http.IncomingHttpHeaders; body: string }[] =
  [];

const answers: Record<string, (request: http.IncomingMessage, response: http.ServerResponse) => void> = {
  '/hello': (_request, response) => response.end('hello'),
  '/mirror': (request, response) => {
    response.setHeader('x-mirror', request.headers.authorization ?? 'none');
    response.end(JSON.stringify({ url: request.url, headers: request.headers }));
  },
  '/gzip': (_request, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('packed')),
  '/deflate': (_request, response) => response.setHeader('content-encoding', 'deflate').end(deflateSync('packed')),
  '/raw': (_request, response) => response.setHeader('content-encoding', 'deflate').end(deflateRawSync('packed')),
  '/br': (_request, response) => response.setHeader('content-encoding', 'br').end(brotliCompressSync('packed')),
  '/bomb': (_request, response) =>
    response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(50_000_000))),
  '/zstd': (_request, response) => response.setHeader('content-encoding', 'zstd').end('?'),
  '/large': (_request, response) => response.end(Buffer.alloc(2_000_000)),
  '/endless': (_request, response) => {
    const more = (): void => {
      endlessBytes += 65_536;
      if (response.writable && response.write(Buffer.alloc(65_536))) setImmediate(more);
      else response.once('drain', more);
    };
    more();
  },
  '/head-bomb': (_request, response) => response.setHeader('x-large', 'x'.repeat(100_000)).end(),
  '/no-http': (request) => request.socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
  '/silent': () => undefined,
  '/stalls': (_request, response) => response.write('a'),
  '/cut': (request, response) => {
    response.write('part', () => request.socket.destroy());
  },
  '/loop': (_request, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/to-get': (_request, response) => response.writeHead(303, { location: '/mirror' }).end(),
  '/kept': (_request, response) => response.writeHead(307, { location: '/mirror' }).end(),
  '/to-metadata': (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
  '/to-private-name': (_request, response) =>
    response.writeHead(302, { location: `http://mapped.test:${port}/` }).end(),
  '/to-other': (_request, response) => response.writeHead(307, { location: `http://two.test:${port}/mirror` }).end(),
  '/to-other-with-secret': (request, response) =>
    response.writeHead(307, { location: `http://two.test:${port}/mirror?k=${request.headers.authorization}` }).end(),
};
const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    seen.push({
      url: request.url,
      method: request.method,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    });
    const path = (request.url ?? '').replace(/\?.*/, '');
    (answers[path] ?? answers['/hello'])?.(request, response);
  });
});
server.on('connection', () => connections++);

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  egress.close();
  server.closeAllConnections();
  server.close();
});

const grantFor = (host: string): NetworkGrant => ({
  scheme: 'http',
  host,
  port,
  pathPrefix: '/',
  methods: ['GET', 'POST'],
});
function asking(path: string, over: Partial<EgressRequest> = {}): EgressRequest {
  return {
    url: path.startsWith('http') ? path : `http://127.0.0.1:${port}${path}`,
    method: 'GET',
    headers: [],
    grants: [grantFor('127.0.0.1')],
    allowPrivate: true,
    secrets: [],
    limits,
    ...over,
  };
}
async function text(path: string, over: Partial<EgressRequest> = {}): Promise<string> {
  const response = await egress.fetch(asking(path, over));
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
const refused = expect.objectContaining({
  code: 'egress.refused',
  message: 'This address is not within what was granted',
});
const failed = (kind: string) => expect.objectContaining({ kind });

describe('an outgoing request', () => {
  it('reaches what is granted, and keeps the connection for the next one', async () => {
    const before = connections;
    expect(await text('/hello')).toBe('hello');
    expect(await text('/hello')).toBe('hello');
    expect(connections - before).toBeLessThanOrEqual(1);
  });

  it('sends method, headers and body as given, and Host and length by itself', async () => {
    await text('/mirror', { method: 'POST', headers: [['X-Own', 'a b']], body: 'dätä' });
    expect(seen.at(-1)).toMatchObject({
      method: 'POST',
      body: 'dätä',
      headers: { 'x-own': 'a b', host: `127.0.0.1:${port}`, 'content-length': '6' },
    });
  });

  it.each([
    ['Host', 'evil.example'],
    ['Content-Length', '1'],
    ['Transfer-Encoding', 'chunked'],
    ['Connection', 'close'],
    ['Proxy-Authorization', 'x'],
    ['X-Split', 'a\r\nHost: evil.example'],
    ['X Space', 'a'],
    ['X-Unicode', 'é'],
  ])('refuses the header %s: %j', async (name, value) => {
    await expect(text('/hello', { headers: [[name, value]] })).rejects.toMatchObject({ code: 'egress.invalid' });
  });

  it('refuses other methods and bodies where none belong', async () => {
    await expect(text('/hello', { method: 'CONNECT' })).rejects.toMatchObject({ code: 'egress.invalid' });
    await expect(text('/hello', { body: 'x' })).rejects.toMatchObject({ code: 'egress.invalid' });
  });

  it('says the same for a host that is not granted, private, or resolves to something private', async () => {
    const all = Object.keys(names).map(grantFor);
    await expect(text('/hello', { grants: [] })).rejects.toEqual(refused);
    await expect(text('/hello', { allowPrivate: false })).rejects.toEqual(refused);
    for (const name of ['two.test', 'mixed.test', 'mapped.test', 'metadata.test']) {
      const request = text(`http://${name}:${port}/`, { grants: all, allowPrivate: false });
      await expect(request).rejects.toEqual(refused);
    }
    for (const name of ['mapped.test', 'metadata.test']) {
      await expect(text(`http://${name}:${port}/`, { grants: all })).rejects.toEqual(refused);
    }
  });

  it('does not even look up a name that is not granted', async () => {
    await expect(text('http://secret-data.exfiltration.test/')).rejects.toEqual(refused);
    expect(asked).not.toContain('secret-data.exfiltration.test');
  });

  it('asks once for a name that many requests need, and does not serve one caller from the pool of another address', async () => {
    names['rebinding.test'] = ['127.0.0.1'];
    const grants = [grantFor('rebinding.test')];
    const url = `http://rebinding.test:${port}/hello`;
    await Promise.all(Array.from({ length: 20 }, () => text(url, { grants })));
    expect(asked.filter((name) => name === 'rebinding.test')).toHaveLength(1);
    await expect(text(url, { grants, allowPrivate: false })).rejects.toEqual(refused);
  });

  it('tries the other address when one does not answer', async () => {
    expect(await text(`http://broken.test:${port}/hello`, { grants: [grantFor('broken.test')] })).toBe('hello');
  });
});

describe('redirects', () => {
  it('become GET after 303 and keep their method after 307', async () => {
    await text('/to-get', { method: 'POST', body: 'x' });
    expect(seen.at(-1)).toMatchObject({ method: 'GET', body: '', url: '/mirror' });
    await text('/kept', { method: 'POST', body: 'x' });
    expect(seen.at(-1)).toMatchObject({ method: 'POST', body: 'x', url: '/mirror' });
  });

  it('are checked hop by hop', async () => {
    const grants = [grantFor('127.0.0.1'), grantFor('mapped.test'), { ...grantFor('169.254.169.254'), port: 80 }];
    await expect(text('/to-metadata', { grants })).rejects.toEqual(refused);
    await expect(text('/to-private-name', { grants })).rejects.toEqual(refused);
    await expect(text('/to-other')).rejects.toEqual(refused);
  });

  it('end after five, and are handed out where nobody wants to follow', async () => {
    await expect(text('/loop')).rejects.toEqual(failed('too-many-redirects'));
    const response = await egress.fetch(asking('/loop', { maxRedirects: 0 }));
    expect(response.status).toBe(302);
  });
});

describe('a secret', () => {
  const value = 'sk-live-0123456789';
  const here = () => holdSecrets([{ name: 'key', value, grant: grantFor('127.0.0.1'), in: 'header' }]);
  const bearer = (placeholder = ''): [string, string][] => [['authorization', `Bearer ${placeholder}`]];

  it('replaces its placeholder towards its own host, and is not read back from a mirror', async () => {
    const secrets = here();
    const headers = bearer(secrets[0]?.placeholder);
    const body = await text('/mirror', { secrets, headers });
    expect(seen.at(-1)?.headers.authorization).toBe(`Bearer ${value}`);
    expect(body).toContain(secrets[0]?.placeholder);
    expect(body).not.toContain(value);
    const response = await egress.fetch(asking('/mirror', { secrets, headers }));
    expect(JSON.stringify(response.headers)).not.toContain(value);
    for await (const chunk of response.body) expect(Buffer.from(chunk).includes(value)).toBe(false);
  });

  it('goes nowhere else: the request is refused before any connection', async () => {
    const secrets = here();
    const before = seen.length;
    const grants = [grantFor('two.test')];
    const headers = bearer(secrets[0]?.placeholder);
    await expect(text(`http://two.test:${port}/`, { secrets, headers, grants })).rejects.toEqual(refused);
    await expect(text('/hello', { secrets, headers: bearer(`parley-secret.key.${'0'.repeat(32)}`) })).rejects.toEqual(
      refused,
    );
    await expect(text(`/${secrets[0]?.placeholder}`, { secrets })).rejects.toEqual(refused);
    await expect(text(`/hello?k=${secrets[0]?.placeholder}`, { secrets })).rejects.toEqual(refused);
    expect(seen.length).toBe(before);
  });

  it('stays behind at a redirect, even when the server writes it into the address', async () => {
    const secrets = here();
    const grants = [grantFor('127.0.0.1'), grantFor('two.test')];
    const headers: [string, string][] = [['x-key', secrets[0]?.placeholder ?? '']];
    await text('/to-other', { secrets, headers, grants });
    expect(seen.at(-1)?.headers['x-key']).toBeUndefined();
    const request = text('/to-other-with-secret', {
      secrets,
      headers: [['authorization', secrets[0]?.placeholder ?? '']],
      grants,
    });
    await expect(request).rejects.toEqual(refused);
    expect(seen.at(-1)?.url).toBe('/to-other-with-secret');
  });

  it('goes into the query where it is declared so, and does not show in the final address', async () => {
    const secrets = holdSecrets([{ name: 'key', value: 'a&b=c secret', grant: grantFor('127.0.0.1'), in: 'query' }]);
    const response = await egress.fetch(asking(`/mirror?key=${secrets[0]?.placeholder}`, { secrets }));
    expect(new URL(seen.at(-1)?.url ?? '', 'http://a').searchParams.get('key')).toBe('a&b=c secret');
    expect(response.url).toContain(secrets[0]?.placeholder);
    for await (const chunk of response.body) expect(Buffer.from(chunk).toString()).not.toContain('a%26b%3Dc');
  });
});

describe('a body', () => {
  it.each(['/gzip', '/deflate', '/raw', '/br'])('is decoded: %s', async (path) => {
    expect(await text(path)).toBe('packed');
  });

  it('is refused when it is packed in an unknown way, too large, or grows too large', async () => {
    await expect(text('/zstd')).rejects.toEqual(failed('encoding'));
    await expect(text('/large')).rejects.toEqual(failed('too-large'));
    await expect(text('/bomb')).rejects.toEqual(failed('too-large'));
    await expect(text('/endless')).rejects.toEqual(failed('too-large'));
  });

  it('does not pile up when nobody reads', async () => {
    const response = await egress.fetch(asking('/endless', { limits: { ...limits, responseBytes: 1e9 } }));
    const iterator = response.body[Symbol.asyncIterator]();
    await iterator.next();
    const before = endlessBytes;
    let last = 0;
    const isMore = () => last !== (last = endlessBytes);
    // Once all pipes on the way are full the server has to wait; until then they take a few megabytes.
    await expect.poll(isMore, { timeout: 60_000, interval: 100 }).toBe(false);
    expect(endlessBytes - before).toBeLessThan(20_000_000);
    await iterator.return?.();
  });
});

describe('a failing request', () => {
  it('says what failed, without a word of the request or the remote side', async () => {
    const free = net.createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const closedPort = (free.address() as AddressInfo).port;
    await new Promise((resolve) => free.close(resolve));
    const grants = [{ ...grantFor('127.0.0.1'), port: closedPort }, grantFor('127.0.0.1'), grantFor('nowhere.test')];
    const soonTold = { limits: { ...limits, firstByteMs: 100 } };
    const soonSilent = { limits: { ...limits, idleMs: 100 } };
    await expect(text(`http://127.0.0.1:${closedPort}/`, { grants })).rejects.toEqual(failed('refused'));
    await expect(text(`http://nowhere.test:${port}/`, { grants })).rejects.toEqual(failed('dns'));
    await expect(text('/silent', soonTold)).rejects.toEqual(failed('first-byte-timeout'));
    await expect(text('/stalls', soonSilent)).rejects.toEqual(failed('idle-timeout'));
    await expect(text('/cut')).rejects.toEqual(failed('reset'));
    await expect(text('/head-bomb')).rejects.toEqual(failed('protocol'));
    await expect(text('/no-http')).rejects.toEqual(failed('protocol'));
    const tls = { ...grantFor('127.0.0.1'), scheme: 'https' as const };
    await expect(text(`https://127.0.0.1:${port}/`, { grants: [tls] })).rejects.toEqual(failed('tls'));
  });

  it('ends at once when its signal is aborted, before and during the answer', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(text('/hello', { signal: stop.signal })).rejects.toEqual(failed('aborted'));
    const later = new AbortController();
    const { body } = await egress.fetch(asking('/stalls', { signal: later.signal }));
    const reading = body[Symbol.asyncIterator]();
    await reading.next();
    later.abort();
    await expect(reading.next()).rejects.toEqual(failed('aborted'));
  });

  it('is asked again when a kept connection turns out to be closed', async () => {
    await text('/hello');
    server.closeIdleConnections();
    expect(await text('/hello')).toBe('hello');
  });
});
