import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import Koa from 'koa';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorHandler } from './error-handler.ts';
import { staticFiles } from './static-files.ts';

let root: string;
let server: Server;
const script = `export const text = "${'parley '.repeat(1000)}";\n`;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'parley-web-'));
  await mkdir(join(root, 'web', 'assets'), { recursive: true });
  await writeFile(join(root, 'secret.txt'), 'outside');
  await writeFile(join(root, 'web', '.hidden'), 'hidden');
  await writeFile(join(root, 'web', 'index.html'), '<!doctype html><title>Parley</title>');
  await writeFile(join(root, 'web', 'assets', 'app-1a2b3c.js'), script);
  await writeFile(join(root, 'web', 'assets', 'font.woff2'), Buffer.alloc(5000, 1));
  const koa = new Koa();
  koa.use(errorHandler(pino({ level: 'silent' }))).use(staticFiles(join(root, 'web')));
  const handle = koa.callback();
  server = createServer((incoming, response) => void handle(incoming, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  await rm(root, { recursive: true, force: true });
});

/** Sends the path as it stands: `fetch` would tidy it up. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const ask = request({ port, host: '127.0.0.1', path, headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    ask.on('error', reject).end();
  });
}

test('every page address gets the app, never from a cache without asking', async () => {
  for (const path of ['/', '/chat/new', '/chat/01a1fc34-5c74-7fa3-9a79-8bc65f877279?m=1', '/index.html']) {
    const { status, headers, body } = await get(path);
    expect([status, headers['cache-control'], headers['content-type']]).toEqual([
      200,
      'no-cache',
      'text/html; charset=utf-8',
    ]);
    expect(body.toString()).toContain('<title>Parley');
  }
});

test('hashed files are kept for good and come compressed to those who can read it', async () => {
  const path = '/assets/app-1a2b3c.js';
  const plain = await get(path);
  expect(plain.body.toString()).toBe(script);
  expect(plain.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'Accept-Encoding',
  });
  const brotli = await get(path, { 'accept-encoding': 'gzip, br' });
  expect(brotli.headers).toMatchObject({ 'content-encoding': 'br', 'content-type': 'text/javascript; charset=utf-8' });
  expect(brotliDecompressSync(brotli.body).toString()).toBe(script);
  const zipped = await get(path, { 'accept-encoding': 'gzip' });
  expect(gunzipSync(zipped.body).toString()).toBe(script);
  expect((await get('/assets/font.woff2', { 'accept-encoding': 'br' })).headers['content-encoding']).toBeUndefined();
});

test('what a browser has already is not sent again', async () => {
  const { headers } = await get('/');
  expect(await get('/', { 'if-none-match': String(headers.etag) })).toMatchObject({
    status: 304,
    body: Buffer.alloc(0),
  });
  expect(await get('/assets/app-1a2b3c.js', {}, 'HEAD')).toMatchObject({ status: 200, body: Buffer.alloc(0) });
});

test('nothing outside of the folder, hidden or missing is served', async () => {
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/.hidden',
    '/%00.js',
    '/%zz',
    '/assets/app-9.js',
    `/${'x'.repeat(3000)}.js`,
  ]) {
    expect([path, (await get(path)).status]).toEqual([path, 404]);
  }
});
