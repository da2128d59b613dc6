import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';

import type { NetworkGrant } from '@parley/sdk/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { HostileHost } from './support/hostile-host.ts';

const host = new HostileHost();
const reached: { url: string | undefined; headers: http.IncomingHttpHeaders }[] = [];
let port = 0;
const server = http.createServer((request, response) => {
  reached.push({ url: request.url, headers: request.headers });
  const to = new URL(request.url ?? '/', 'http://a').searchParams.get('to');
  if (to !== null) response.writeHead(302, { location: to }).end();
  else if (request.url === '/endless') {
    const more = (): void => {
      if (response.writable && response.write('x'.repeat(65_536))) setImmediate(more);
      else response.once('drain', more);
    };
    more();
  } else {
    response.setHeader('x-mirror', `${request.headers.authorization} ${String(request.headers['x-key'])}`);
    response.end(JSON.stringify({ url: request.url, headers: request.headers }));
  }
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  port = (server.address() as AddressInfo).port;
  await host.start();
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await host.stop();
});

const grantFor = (name: string, over: Partial<NetworkGrant> = {}): NetworkGrant => ({
  scheme: 'http',
  host: name,
  port,
  pathPrefix: '/',
  methods: ['GET', 'POST'],
  ...over,
});
const open = (names: string[], networkPrivate: boolean) => ({
  network: names.map((name) => grantFor(name)),
  networkPrivate,
});

/** Asks for every address and says how each one ended. */
const askAll = `
  const ends = {};
  for (const url of prompt.urls) {
    try { const response = await fetch(url); ends[url] = 'reached ' + response.status; await response.text(); }
    catch (error) { ends[url] = String(error.code) + ': ' + error.message; }
  }
  return ends;`;
const many = { fetches: 500, distinctHosts: 500, hostCalls: 500, wallMs: 60_000, cpuMs: 30_000 };
const refusal = 'host.denied: This address is not within what was granted';

function spellings(): string[] {
  const hosts = [
    'localhost LOCALHOST localhost. localhost.localdomain 127.0.0.1 127.1 127.0.1 0 0.0.0.0 0x7f.1',
    '0x7f000001 0x7f.0x0.0x0.0x1 2130706433 017700000001 0177.0.0.1 127.0.0.1. 127.255.255.254',
    '%6c%6f%63alhost 127%2e0%2e0%2e1 127。0。0。1 ①②⑦.⓪.⓪.① ⓛocalhost',
    '[::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1]',
    '[2002:7f00:1::] [2001:0:7f00:1::] [fe80::1] [fc00::1] [::1%25lo]',
    '169.254.169.254 169.254.169.254. 0xa9fea9fe 2852039166 0251.0376.0251.0376 [::ffff:169.254.169.254] [fd00:ec2::254]',
    'metadata.google.internal 100.100.100.200 192.168.0.1 10.0.0.1 172.17.0.1 224.0.0.1 255.255.255.255',
    'a.example@127.0.0.1 127.0.0.1#@a.example a.example\\\\@127.0.0.1 user:pass@localhost',
    hostname(),
  ].flatMap((line) => line.split(' '));
  return hosts.flatMap((name) => [`http://${name}:${port}/`, `http:${name}:${port}/`, `//${name}:${port}/`]);
}

describe('the network beyond the grant', () => {
  it('is refused under every spelling of loopback, metadata and private addresses, without a grant', async () => {
    const before = reached.length;
    const { result, failure } = await host.attack(askAll, { input: { urls: spellings() }, limits: many });
    expect(failure).toBeUndefined();
    const ends = Object.values(result as Record<string, string>);
    expect(ends.length).toBeGreaterThan(100);
    expect(ends.filter((end) => !end.startsWith('host.denied') && !end.startsWith('host.invalid'))).toEqual([]);
    expect(new Set(ends.filter((end) => end.startsWith('host.denied')))).toEqual(new Set([refusal]));
    expect(reached.length).toBe(before);
  });

  it('is refused under every spelling when the names are granted but private ranges are not', async () => {
    const before = reached.length;
    const names = [
      'localhost',
      '127.0.0.1',
      '::1',
      '0.0.0.0',
      '169.254.169.254',
      'fd00:ec2::254',
      '10.0.0.1',
      hostname(),
      '127.1',
      '0x7f.1',
    ];
    const { result } = await host.attack(askAll, {
      input: { urls: spellings() },
      limits: many,
      grants: open(names, false),
    });
    const ends = Object.values(result as Record<string, string>);
    expect(ends.filter((end) => end.startsWith('reached'))).toEqual([]);
    expect(reached.length).toBe(before);
  });

  it('stays refused for metadata services even where private ranges are granted', async () => {
    const names = ['169.254.169.254', 'fd00:ec2::254', '0.0.0.0', '::ffff:127.0.0.1'];
    const urls = [
      'http://169.254.169.254/',
      'http://[fd00:ec2::254]/',
      `http://0.0.0.0:${port}/`,
      `http://[::ffff:7f00:1]:${port}/`,
    ];
    const network = names.flatMap((name) => [grantFor(name), grantFor(name, { port: 80 })]);
    const { result } = await host.attack(askAll, { input: { urls }, grants: { network, networkPrivate: true } });
    expect([...new Set(Object.values(result as Record<string, string>))]).toEqual([refusal]);
  });

  it('is refused for other ports, schemes, methods and paths than those granted', async () => {
    const grants = {
      network: [grantFor('127.0.0.1', { pathPrefix: '/open', methods: ['GET'] })],
      networkPrivate: true,
    };
    const body = `
      const base = 'http://127.0.0.1:${port}';
      const ends = [];
      for (const [url, init] of [[base + '/open/a'], [base + '/closed'], [base + '/open/../closed'], [base + '/open/%2e%2e/closed'], [base + '/open/..%2fclosed'],
        [base + '/opened'], [base + '/open', { method: 'POST' }], [base + '/open', { method: 'DELETE' }], ['https://127.0.0.1:${port}/open'], ['http://127.0.0.1/open'],
        ['ws://127.0.0.1:${port}/open'], ['file:///etc/passwd'], ['data:text/plain,x'], ['blob:x'], [base + '/open', { method: 'CONNECT' }], [base + '/open', { method: 'GET /closed HTTP/1.1\\r\\nX: ' }]]) {
        ends.push(await fetch(url, init).then((r) => r.status, (error) => error.code ?? error.name));
      }
      return ends;`;
    const { result } = await host.attack(body, { grants, limits: many });
    const [first, ...others] = result as unknown[];
    expect(first).toBe(200);
    expect(others.filter((end) => typeof end === 'number')).toEqual([]);
    expect(reached.filter(({ url }) => url?.includes('closed'))).toEqual([]);
  });

  it('is refused behind a redirect', async () => {
    const places = [
      'http://169.254.169.254/latest',
      `http://localhost:${port}/inside`,
      `http://[::1]:${port}/inside`,
      'http://0x7f.1/inside',
      'file:///etc/passwd',
      `http://user@127.0.0.1:${port}/inside`,
    ];
    const urls = places.map((place) => `http://127.0.0.1:${port}/?to=${encodeURIComponent(place)}`);
    const { result } = await host.attack(askAll, { input: { urls }, grants: open(['127.0.0.1'], true), limits: many });
    for (const end of Object.values(result as Record<string, string>)) expect(end).toMatch(/^host\.(denied|invalid)/);
    expect(reached.filter(({ url }) => url?.startsWith('/inside'))).toEqual([]);
  });

  it('is not reached by headers that split, smuggle or rename the host', async () => {
    const grants = open(['127.0.0.1'], true);
    const body = `
      const ends = [];
      for (const headers of [{ Host: 'internal' }, { 'X-A': 'a\\r\\nHost: internal' }, { 'Content-Length': '1' }, { 'Transfer-Encoding': 'chunked' }, { Connection: 'upgrade' }, { Upgrade: 'websocket' },
        { 'X\\r\\nY': 'a' }, { 'X-A': '\\u010d\\u010a' }, { 'Proxy-Connection': 'x' }, { TE: 'trailers' }, [['host', 'internal']]]) {
        ends.push(await fetch('http://127.0.0.1:${port}/headers', { headers }).then((r) => r.status, (error) => error.code ?? error.name));
      }
      return ends;`;
    const { result } = await host.attack(body, { grants, limits: many });
    expect((result as unknown[]).filter((end) => end === 200)).toEqual([]);
    expect(reached.filter(({ url, headers }) => url === '/headers' || headers.host === 'internal')).toEqual([]);
  });

  it('is used within the budget only: requests, hosts, bytes', async () => {
    const grants = open(['127.0.0.1'], true);
    const count = await host.attack(
      `const ends = []; for (let i = 0; i < 30; i++) ends.push(await fetch('http://127.0.0.1:${port}/n').then((r) => r.text()).then(() => 'ok', (error) => error.code)); return ends;`,
      { grants, limits: { fetches: 5 } },
    );
    expect((count.result as string[]).filter((end) => end === 'ok')).toHaveLength(5);
    const at = reached.length;
    await host.attack(
      `for (let i = 0; i < 5000; i++) fetch('http://127.0.0.1:${port}/flood').catch(() => {}); await new Promise((r) => setTimeout(r, 200)); return {};`,
      {
        grants,
        limits: { fetches: 5 },
      },
    );
    expect(reached.length - at).toBeLessThanOrEqual(5);
    const bytes = await host.attack(
      `try { const r = await fetch('http://127.0.0.1:${port}/endless'); return { size: (await r.text()).length }; } catch (error) { return { code: error.code }; }`,
      {
        grants,
        limits: { responseBytes: 500_000, cpuMs: 3_000 },
      },
    );
    expect(bytes.result).toEqual({ code: 'host.budget' });
  });
});

describe('a secret', () => {
  const value = 'sk-hostile-0123456789abcdef';
  const here = () => grantFor('127.0.0.1');
  const connection = (bound = here()) => ({
    network: [here(), grantFor('localhost')],
    secrets: [{ name: 'apiKey', value, grant: bound, in: 'header' as const }],
  });
  const context = { connection: { settings: {} } };

  it('never enters the isolate, is replaced on the way out, and is not read back from mirrors, headers, errors or addresses', async () => {
    const plugin = await host.load(
      `const held = context.connection.secrets.apiKey;
       const response = await fetch('http://127.0.0.1:${port}/mirror', { headers: { authorization: 'Bearer ' + held, 'x-key': held } });
       const seen = [held, response.url, JSON.stringify([...response.headers]), await response.text()];
       for (const act of [() => fetch('http://127.0.0.1:1/' + held), () => fetch('http://127.0.0.1:${port}/?to=' + encodeURIComponent('http://localhost:${port}/' + held), { headers: { authorization: held } })]) {
         try { const r = await act(); seen.push(r.url, await r.text()); } catch (error) { seen.push(String(error.stack) + error.message); }
       }
       seen.push(JSON.stringify(context));
       console.log(seen.join(' '));
       yield { type: 'text', text: JSON.stringify(seen) };`,
      { kind: 'providers', grants: { networkPrivate: true } },
    );
    let text = '';
    const ended = Promise.withResolvers<string | undefined>();
    host.sandbox.stream(host.callOf(plugin, 'providers', { connection: connection(), context }), {
      onParts: (parts) => (text += JSON.stringify(parts)),
      onEnd: (failure) => ended.resolve(failure?.message),
    });
    expect(await ended.promise).toBeUndefined();
    expect(reached.some(({ headers }) => headers.authorization === `Bearer ${value}`)).toBe(true);
    expect(text).toContain('parley-secret.apiKey');
    expect(text).not.toContain(value);
    expect(JSON.stringify(host.logs)).not.toContain(value);
    expect(JSON.stringify(host.sandbox.health())).not.toContain(value);
  });

  it('goes to no other host, path or place, however it is asked for', async () => {
    const plugin = await host.load(
      `const held = context.connection.secrets.apiKey;
       const ends = [];
       for (const [url, init] of [
         ['http://localhost:${port}/stolen', { headers: { authorization: held } }],
         ['http://localhost:${port}/stolen?k=' + held, {}],
         ['http://127.0.0.1:${port}/other', { headers: { authorization: held } }],
         ['http://127.0.0.1:${port}/v1/../stolen', { headers: { authorization: held } }],
         ['http://127.0.0.1:${port}/v1?k=' + held, {}],
         ['http://127.0.0.1:${port}/v1?to=' + encodeURIComponent('http://localhost:${port}/stolen'), { headers: { 'x-key': held } }],
         ['http://127.0.0.1:${port}/v1', { method: 'POST', body: held }],
       ]) ends.push(await fetch(url, init).then((r) => r.status, (error) => error.code ?? error.name));
       yield { type: 'text', text: JSON.stringify(ends) };`,
      { kind: 'providers', grants: { networkPrivate: true } },
    );
    const before = reached.length;
    const ended = Promise.withResolvers<void>();
    const bound = grantFor('127.0.0.1', { pathPrefix: '/v1' });
    host.sandbox.stream(host.callOf(plugin, 'providers', { connection: connection(bound), context }), {
      onParts: () => undefined,
      onEnd: () => ended.resolve(),
    });
    await ended.promise;
    const after = reached.slice(before);
    const carrying = after.filter((request) => JSON.stringify(request).includes(value));
    expect(carrying.every(({ url }) => url?.startsWith('/v1?to='))).toBe(true);
    expect(
      after
        .filter(({ url }) => url?.startsWith('/stolen'))
        .every((request) => !JSON.stringify(request).includes('sk-')),
    ).toBe(true);
  });
});
