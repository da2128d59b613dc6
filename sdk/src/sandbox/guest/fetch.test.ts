import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { grantForUrl, startScriptedServer } from '../../testing/index.ts';
import type { ScriptedRequest, ScriptedServer } from '../../testing/index.ts';
import { startInside } from './run-inside.ts';

type Handler = Parameters<typeof startScriptedServer>[0];
let server: ScriptedServer;
let guest: Awaited<ReturnType<typeof startInside>>;
let answer: Handler = () => {};

beforeAll(async () => {
  server = await startScriptedServer((request, response) => answer(request, response));
  guest = await startInside({
    grants: { network: [grantForUrl(server.url)], networkPrivate: true },
    context: { url: server.url },
  });
});
afterAll(async () => {
  await guest.close();
  await server.close();
});
beforeEach(() => {
  answer = (_, response) => void response.end('nothing scripted');
});
const inside = (body: string) => guest.inside(body);
const lastRequest = (): ScriptedRequest => server.requests.at(-1)!;

describe('fetch inside the sandbox', () => {
  it('sends method, headers and body, and reads status, headers and text', async () => {
    answer = (_, response) =>
      void response.writeHead(201, 'Made', { 'x-one': '1', 'set-cookie': ['a=1', 'b=2'] }).end('täxt');
    expect(
      await inside(`const response = await fetch(context.url + '/p?q=1', { method: 'post', headers: { 'X-Two': '2' }, body: 'bödy' });
        return [response.status, response.statusText, response.ok, response.headers.get('X-ONE'), response.headers.getSetCookie(), response.url, response.bodyUsed, await response.text(), response.bodyUsed];`),
    ).toEqual([201, 'Made', true, '1', ['a=1', 'b=2'], `${server.url}/p?q=1`, false, 'täxt', true]);
    expect(lastRequest()).toMatchObject({
      method: 'POST',
      path: '/p?q=1',
      body: 'bödy',
      headers: { 'x-two': '2', 'content-type': 'text/plain;charset=UTF-8' },
    });
  });
  it('sends forms and bytes as they are', async () => {
    await inside(
      `await (await fetch(context.url, { method: 'POST', body: new URLSearchParams({ a: 'b c' }) })).text()`,
    );
    expect(lastRequest()).toMatchObject({
      body: 'a=b+c',
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
    });
    let bytes = Buffer.alloc(0);
    answer = (request, response) => {
      bytes = Buffer.from(request.body, 'utf8');
      response.end(Buffer.from([0, 255, 128]));
    };
    expect(
      await inside(
        `return [...new Uint8Array(await (await fetch(context.url, { method: 'POST', body: new TextEncoder().encode('ü') })).arrayBuffer())]`,
      ),
    ).toEqual([0, 255, 128]);
    expect(bytes.toString()).toBe('ü');
  });
  it('reads JSON, also compressed, and a body only once', async () => {
    answer = (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":[1,2]}'));
    expect(
      await inside(
        `const response = await fetch(context.url); const json = await response.json(); return [json, await response.text().catch((fault) => fault.name)]`,
      ),
    ).toEqual([{ a: [1, 2] }, 'TypeError']);
  });
  it('yields events in batches however the bytes are cut', async () => {
    answer = (_, response) => {
      const bytes = Buffer.from(': hi\n\ndata: ü1\r\n\r\nevent: x\nid: 7\ndata: a\ndata: b\n\ndata: last');
      const send = (at: number): void => {
        if (at >= bytes.length) return void response.end();
        response.write(bytes.subarray(at, at + 1));
        setImmediate(send, at + 1);
      };
      send(0);
    };
    expect(
      await inside(
        `const found = []; for await (const batch of (await fetch(context.url)).eventBatches()) found.push(...batch); return found`,
      ),
    ).toEqual([
      { event: '', data: 'ü1', id: '' },
      { event: 'x', data: 'a\nb', id: '7' },
      { event: '', data: 'last', id: '7' },
    ]);
    expect(
      await inside(
        `const found = []; for await (const event of (await fetch(context.url)).events()) found.push(event.data); return found`,
      ),
    ).toEqual(['ü1', 'a\nb', 'last']);
  });
  it('yields lines in batches', async () => {
    answer = (_, response) => void response.end('{"a":1}\r\n\n{"b":2}\nrest');
    expect(
      await inside(
        `const found = []; for await (const batch of (await fetch(context.url)).lineBatches()) found.push(...batch); return found`,
      ),
    ).toEqual(['{"a":1}', '{"b":2}', 'rest']);
  });
  it('reads a body as a stream of bytes', async () => {
    answer = (_, response) => {
      response.write('one ');
      setTimeout(() => response.end('two'), 5);
    };
    expect(
      await inside(
        `const decoder = new TextDecoder(); let text = ''; for await (const chunk of (await fetch(context.url)).body) text += decoder.decode(chunk, { stream: true }); return text`,
      ),
    ).toBe('one two');
    expect(
      await inside(
        `const reader = (await fetch(context.url)).body.getReader(); let size = 0; for (;;) { const { value, done } = await reader.read(); if (done) return size; size += value.length; }`,
      ),
    ).toBe(7);
  });
  it('delivers a large body whole while the plugin reads slowly', async () => {
    const line = `${'x'.repeat(999)}\n`;
    answer = (_, response) => void response.end(line.repeat(8_000));
    expect(
      await inside(
        `let size = 0; for await (const batch of (await fetch(context.url)).lineBatches()) { for (const line of batch) size += line.length + 1; await new Promise((done) => setTimeout(done, 1)); } return size`,
      ),
    ).toBe(8_000_000);
  });
  it('gives the words that came before the connection broke, however late they are read', async () => {
    const broken = Promise.withResolvers<void>();
    answer = (request, response) => {
      if (request.path === '/after') return void broken.promise.then(() => response.end());
      response.on('close', () => broken.resolve()).write('data: half\n\n', () => response.destroy());
    };
    expect(
      await inside(
        `const response = await fetch(context.url); await (await fetch(context.url + '/after')).text(); const found = [];
        try { for await (const event of response.events()) found.push(event.data); } catch (fault) { found.push(fault.code); } return found`,
      ),
    ).toEqual(['half', 'host.unavailable']);
  });
  it('closes the connection when the reader stops, the signal fires, or the call ends', async () => {
    answer = (_, response) => void response.write('data: 1\n\n');
    const closed = async (body: string): Promise<void> => {
      const before = server.aborted.length;
      await inside(body);
      await vi.waitFor(() => expect(server.aborted.length).toBe(before + 1), { timeout: 60_000 });
    };
    await closed(`for await (const batch of (await fetch(context.url)).eventBatches()) break;`);
    await closed(
      `const controller = new AbortController(); const response = await fetch(context.url, { signal: controller.signal }); controller.abort(); return response.text().catch((fault) => fault.name)`,
    );
    await closed(`await fetch(context.url)`);
  });
  it('rejects with the reason of the signal', async () => {
    answer = () => {};
    expect(
      await inside(`return fetch(context.url, { signal: AbortSignal.timeout(20) }).catch((fault) => fault.name)`),
    ).toBe('TimeoutError');
    expect(
      await inside(
        `return fetch(context.url, { signal: AbortSignal.abort(new Error('mine')) }).catch((fault) => fault.message)`,
      ),
    ).toBe('mine');
  });
  it('tells a refused address by a code and one text, and a dead server by a TypeError', async () => {
    const code = `.catch((fault) => [fault.name, fault.code, fault.message])`;
    const refused = await inside(`return fetch('http://169.254.169.254/latest')${code}`);
    expect(refused).toEqual(['HostError', 'host.denied', 'This address is not within what was granted']);
    expect(await inside(`return fetch('http://localhost:1/')${code}`)).toEqual(refused);
    expect(await inside(`return fetch('nonsense')${code}`)).toEqual(['HostError', 'host.invalid', expect.any(String)]);
    answer = (_, response) => void response.destroy();
    expect(await inside(`return fetch(context.url)${code}`)).toEqual(['TypeError', 'host.unavailable', 'fetch failed']);
  });
  it('refuses more requests than the budget', async () => {
    expect(
      await inside(
        `const codes = []; for (let i = 0; i < 22; i += 1) codes.push(await fetch(context.url).then((response) => response.text()).then(() => 'ok', (fault) => fault.code)); return codes.slice(-3)`,
      ),
    ).toEqual(['ok', 'host.budget', 'host.budget']);
  });
});

describe('Headers and Response', () => {
  it('behave as on the web', async () => {
    expect(
      await inside(`const headers = new Headers([['B', '2'], ['a', ' 1 ']]); headers.append('b', '3'); headers.set('c', 4); headers.delete('c');
        return [[...headers], headers.has('A'), headers.get('none'), (() => { try { headers.set('a', 'x\\r\\ny'); } catch (fault) { return fault.name; } })(), (() => { try { headers.set('bad name', 'x'); } catch (fault) { return fault.name; } })()]`),
    ).toEqual([
      [
        ['a', '1'],
        ['b', '2, 3'],
      ],
      true,
      null,
      'TypeError',
      'TypeError',
    ]);
    expect(
      await inside(
        `const response = new Response('{"a":1}', { status: 404 }); return [response.ok, await response.json()]`,
      ),
    ).toEqual([false, { a: 1 }]);
  });
});
