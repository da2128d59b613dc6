import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createEgress, type Egress } from './egress.ts';
import type { EgressRequest } from './egress-types.ts';

/** A self-signed certificate for the name `tls.test`, good for nothing else. */
const pem = await readFile(new URL('./fixtures/tls.test.pem', import.meta.url), 'utf8');
const resolver = async () => [{ address: '127.0.0.1', family: 4 as const }];
const seen: { servername: unknown; host: string | undefined }[] = [];
const long = Array.from({ length: 400 }, (_, index) => `${index},`.padEnd(2_000, '.'));
const streaming = Promise.withResolvers<ServerResponse>();
const server = https.createServer({ key: pem, cert: pem }, (request, response) => {
  seen.push({ servername: (request.socket as TLSSocket).servername, host: request.headers.host });
  if (request.url === '/stream') streaming.resolve(response);
  else if (request.url === '/long/whole') response.setHeader('content-length', 800_000).end(long.join(''));
  else if (request.url === '/long/chunks') {
    for (const piece of long) response.write(piece);
    response.end();
  } else response.end('secure');
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

function asking(host: string, path = '/'): EgressRequest {
  return {
    url: `https://${host}:${port}${path}`,
    method: 'GET',
    headers: [],
    grants: [{ scheme: 'https', host, port, pathPrefix: '/', methods: ['GET'] }],
    allowPrivate: true,
    secrets: [],
    limits: { connectMs: 60_000, firstByteMs: 60_000, idleMs: 60_000, responseBytes: 1_000 },
  };
}
async function ask(egress: Egress, host: string): Promise<string> {
  const response = await egress.fetch(asking(host));
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

  it('takes whole chunks of a stream past the parser, like any', async () => {
    let throughNode = '';
    const listen = (message: unknown): void =>
      void (message as { response: IncomingMessage }).response.on('data', (bytes: Buffer) => (throughNode += bytes));
    subscribe('http.client.response.finish', listen);
    const asked = trusting.fetch(asking('tls.test', '/stream'));
    const answer = await streaming.promise;
    answer.write('with the head,');
    const pieces: string[] = [];
    for await (const piece of (await asked).body) {
      pieces.push(Buffer.from(piece).toString());
      if (pieces.length < 4) answer.write(`alone ${pieces.length},`);
      else answer.end();
    }
    unsubscribe('http.client.response.finish', listen);
    expect(pieces).toEqual(['with the head,', 'alone 1,', 'alone 2,', 'alone 3,']);
    expect(throughNode).toBe('with the head,');
    expect(await ask(trusting, 'tls.test')).toBe('secure');
  });

  it.each(['/long/chunks', '/long/whole'])('rests while its reader pauses, and loses nothing: %s', async (path) => {
    let body = '';
    let pauses = 0;
    await new Promise<void>((resolve, reject) => {
      const limits = { ...asking('tls.test').limits, responseBytes: 1_000_000 };
      const exchange = trusting.fetchInto(
        { ...asking('tls.test', path), limits },
        {
          onHead() {},
          onData(bytes) {
            body += Buffer.from(bytes).toString();
            if (body.length / 50_000 < pauses) return;
            pauses += 1;
            exchange.pause();
            setTimeout(() => exchange.resume(), 2);
          },
          onEnd: resolve,
          onError: reject,
        },
      );
    });
    // Compared by itself: a difference of 800 KB is not worth drawing.
    expect(body === long.join('')).toBe(true);
    expect(pauses).toBeGreaterThan(8);
    expect(await ask(trusting, 'tls.test')).toBe('secure');
  });
});
