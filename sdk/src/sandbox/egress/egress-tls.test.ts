import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createEgress, type Egress } from './egress.ts';

/** A self-signed certificate for the name `tls.test`, good for nothing else. */
const pem = await readFile(new URL('./fixtures/tls.test.pem', import.meta.url), 'utf8');
const resolver = async () => [{ address: '127.0.0.1', family: 4 as const }];
const seen: { servername: unknown; host: string | undefined }[] = [];
const server = https.createServer({ key: pem, cert: pem }, (request, response) => {
  seen.push({ servername: (request.socket as TLSSocket).servername, host: request.headers.host });
  response.end('secure');
});
const trusting = createEgress({ resolver, ca: pem });
const ordinary = createEgress({ resolver });
let port = 0;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  trusting.close();
  ordinary.close();
  server.closeAllConnections();
  server.close();
});

async function ask(egress: Egress, host: string): Promise<string> {
  const response = await egress.fetch({
    url: `https://${host}:${port}/`,
    method: 'GET',
    headers: [],
    grants: [{ scheme: 'https', host, port, pathPrefix: '/', methods: ['GET'] }],
    allowPrivate: true,
    secrets: [],
    limits: { connectMs: 60_000, firstByteMs: 60_000, idleMs: 60_000, responseBytes: 1_000 },
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('a secure request', () => {
  it('connects to the pinned address but speaks to the name: in the handshake, the certificate and the Host header', async () => {
    expect(await ask(trusting, 'tls.test')).toBe('secure');
    expect(seen.at(-1)).toEqual({ servername: 'tls.test', host: `tls.test:${port}` });
  });

  it('does not go on with a certificate for another name, or of nobody one trusts', async () => {
    const before = seen.length;
    await expect(ask(trusting, 'other.test')).rejects.toMatchObject({ kind: 'tls' });
    await expect(ask(trusting, '127.0.0.1')).rejects.toMatchObject({ kind: 'tls' });
    await expect(ask(ordinary, 'tls.test')).rejects.toMatchObject({ kind: 'tls' });
    expect(seen.length).toBe(before);
  });
});
