import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInside } from './run-inside.ts';

let guest: Awaited<ReturnType<typeof startInside>>;
beforeAll(async () => {
  guest = await startInside();
});
afterAll(() => guest.close());
const inside = (body: string) => guest.inside(body);

describe('what is not there', () => {
  it('has no way to memory outside the heap, to shared memory or to the collector', async () => {
    expect(
      await inside(`return ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'FinalizationRegistry', 'WeakRef', 'process', 'require',
        'Buffer', 'global', 'ivm', 'parleyHost', 'XMLHttpRequest', 'WebSocket', 'Worker', 'importScripts'].filter((name) => name in globalThis)`),
    ).toEqual([]);
  });
  it('has no modules to import', async () => {
    expect(await inside(`return import('node:fs').then(() => 'loaded', () => 'refused')`)).toBe('refused');
    await expect(startInside({ source: 'import fs from "node:fs"; export default {};' })).rejects.toMatchObject({
      code: 'sandbox.load-failed',
    });
  });
  it('shows no function of the host through stack traces, callers or constructors', async () => {
    expect(
      await inside(`
        const seen = [];
        Error.prepareStackTrace = (error, sites) => { for (const site of sites) seen.push(typeof site.getFunction(), typeof site.getThis()); return ''; };
        try { new URL('::'); } catch (fault) { fault.stack; }
        Error.prepareStackTrace = undefined;
        return seen.filter((kind) => kind === 'function' || kind === 'object').length;`),
    ).toBe(0);
    expect(await inside(`try { return String(setTimeout.caller); } catch (fault) { return fault.name; }`)).toBe(
      'TypeError',
    );
    expect(
      await inside(
        `try { new URL('::'); } catch (fault) { return /\\/|node:|\\.ts/.test(fault.stack.split('\\n').slice(1).join('')); }`,
      ),
    ).toBe(false);
  });
  it('gives the hook frozen functions', async () => {
    expect(
      await inside(
        `return [context, context.storage, context.log, context.permissions, crypto, crypto.subtle, console].map(Object.isFrozen)`,
      ),
    ).not.toContain(false);
  });
});

describe('timers', () => {
  it('ring in order, with arguments, never sooner than a millisecond, and can be cleared', async () => {
    expect(
      await inside(`
        const rung = [];
        const cleared = setTimeout(() => rung.push('cleared'), 5);
        clearTimeout(cleared);
        await new Promise((done) => {
          setTimeout((a, b) => { rung.push(a + b); done(); }, 30, 'x', 'y');
          setTimeout(() => rung.push('early'), -5);
          queueMicrotask(() => rung.push('microtask'));
        });
        return rung;`),
    ).toEqual(['microtask', 'early', 'xy']);
  });
  it('repeat until cleared', async () => {
    expect(
      await inside(
        `let count = 0; await new Promise((done) => { const timer = setInterval(() => { count += 1; if (count === 3) { clearInterval(timer); done(); } }, 2); }); return count;`,
      ),
    ).toBe(3);
  });
  it('one that throws does not keep another from ringing', async () => {
    expect(
      await inside(
        `return new Promise((done) => { setTimeout(() => { throw new Error('x'); }, 1); setTimeout(() => done('rang'), 2); })`,
      ),
    ).toBe('rang');
  });
});

describe('abort signals', () => {
  it('fire once, carry a reason, and combine', async () => {
    expect(
      await inside(`
        const heard = [];
        const controller = new AbortController();
        const both = AbortSignal.any([controller.signal, AbortSignal.timeout(60000)]);
        both.addEventListener('abort', () => heard.push('both'));
        controller.signal.onabort = () => heard.push('own');
        controller.abort('why'); controller.abort('again');
        return [heard, both.aborted, both.reason, AbortSignal.abort().reason.name];`),
    ).toEqual([['own', 'both'], true, 'why', 'AbortError']);
  });
  it('time out', async () => {
    expect(
      await inside(
        `return new Promise((done) => { const signal = AbortSignal.timeout(5); signal.addEventListener('abort', () => done(signal.reason.name)); })`,
      ),
    ).toBe('TimeoutError');
  });
});

describe('URL', () => {
  it.each([
    'http://EXAMPLE.com:80/a/../b?q=1#h',
    'https://user:pw@[::1]:8443/x y',
    'file:///etc/passwd',
    'http://1.1/',
    'mailto:a@b.c',
  ])('parses %s as the host does', async (href) => {
    const fields = [
      'href',
      'origin',
      'protocol',
      'username',
      'password',
      'host',
      'hostname',
      'port',
      'pathname',
      'search',
      'hash',
    ] as const;
    const real = new URL(href);
    expect(
      await inside(
        `const url = new URL(${JSON.stringify(href)}); return ${JSON.stringify(fields)}.map((name) => url[name])`,
      ),
    ).toEqual(fields.map((name) => real[name]));
  });
  it('resolves against a base, refuses nonsense, and follows its search parameters', async () => {
    expect(
      await inside(
        `return [new URL('../x', 'http://h/a/b/c').href, URL.canParse('nonsense'), URL.parse('http://h/').href]`,
      ),
    ).toEqual(['http://h/a/x', false, 'http://h/']);
    expect(await inside(`try { new URL('nonsense'); } catch (fault) { return [fault.name, fault.message]; }`)).toEqual([
      'TypeError',
      'Invalid URL',
    ]);
    expect(
      await inside(
        `const url = new URL('http://h/?a=1'); url.searchParams.append('b', 'ü &'); url.pathname = '/p q'; url.port = '81'; return [url.href, String(url), JSON.stringify(url)]`,
      ),
    ).toEqual([
      'http://h:81/p%20q?a=1&b=%C3%BC+%26',
      'http://h:81/p%20q?a=1&b=%C3%BC+%26',
      '"http://h:81/p%20q?a=1&b=%C3%BC+%26"',
    ]);
  });
  it('reads and writes queries as the standard does', async () => {
    const query = '?a=1&b=%E4%BD%A0+x&a=2&c&=d&%zz=%';
    const real = new URLSearchParams(query);
    real.sort();
    expect(
      await inside(
        `const params = new URLSearchParams(${JSON.stringify(query)}); params.sort(); return [[...params], String(params), params.getAll('a'), params.has('a', '2'), params.size]`,
      ),
    ).toEqual([[...real], String(real), real.getAll('a'), true, real.size]);
  });
});

describe('text encoding', () => {
  const samples = ['plain', 'ü你好😀', '\ud800 lone', '', 'a\u0000b', '\ufeffbom'];
  it.each(samples)('encodes and decodes %j as the host does', async (text) => {
    const bytes = [...new TextEncoder().encode(text)];
    expect(await inside(`return [...new TextEncoder().encode(${JSON.stringify(text)})]`)).toEqual(bytes);
    expect(await inside(`return new TextDecoder().decode(new Uint8Array(${JSON.stringify(bytes)}))`)).toBe(
      new TextDecoder().decode(new Uint8Array(bytes)),
    );
  });
  it.each([
    [[0xe4, 0xbd, 0x41]],
    [[0xf0, 0x9f, 0x98]],
    [[0xc0, 0xaf]],
    [[0xed, 0xa0, 0x80]],
    [[0xff, 0x41]],
    [[0xf4, 0x90, 0x80, 0x80]],
  ])('replaces the broken %j as the host does', async (bytes) => {
    expect(await inside(`return new TextDecoder().decode(new Uint8Array(${JSON.stringify(bytes)}))`)).toBe(
      new TextDecoder().decode(new Uint8Array(bytes)),
    );
    expect(
      await inside(
        `try { new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(${JSON.stringify(bytes)})); return 'decoded'; } catch (fault) { return fault.name; }`,
      ),
    ).toBe('TypeError');
  });
  it('decodes a stream cut between any two bytes', async () => {
    expect(
      await inside(
        `const decoder = new TextDecoder(); let text = ''; for (const byte of new TextEncoder().encode('aü你😀')) text += decoder.decode(new Uint8Array([byte]), { stream: true }); return text + decoder.decode();`,
      ),
    ).toBe('aü你😀');
  });
  it('speaks base64', async () => {
    expect(
      await inside(`return [btoa('hello'), btoa('ab'), btoa(''), atob('aGVsbG8='), atob(' aGVs bG8 '), atob('YWI')]`),
    ).toEqual(['aGVsbG8=', 'YWI=', '', 'hello', 'hello', 'ab']);
    expect(
      await inside(
        `return ['*', 'a', 'aGV===='].map((text) => { try { atob(text); return 'ok'; } catch (fault) { return fault.name; } })`,
      ),
    ).toEqual(Array(3).fill('InvalidCharacterError'));
    expect(await inside(`try { btoa('你'); } catch (fault) { return fault.name; }`)).toBe('InvalidCharacterError');
  });
});

describe('crypto', () => {
  it('digests, signs and verifies as the host does', async () => {
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('abc'))).toString('hex');
    const hex = `const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');`;
    expect(
      await inside(`${hex} return hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('abc')))`),
    ).toBe(digest);
    const key = await crypto.subtle.importKey(
      'raw',
      new TextEncoder().encode('key'),
      { name: 'HMAC', hash: 'SHA-512' },
      false,
      ['sign'],
    );
    const mac = Buffer.from(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode('abc'))).toString('hex');
    expect(
      await inside(`${hex} const text = (t) => new TextEncoder().encode(t);
        const key = await crypto.subtle.importKey('raw', text('key'), { name: 'HMAC', hash: 'SHA-512' }, false, ['sign', 'verify']);
        const mac = await crypto.subtle.sign('HMAC', key, text('abc'));
        return [hex(mac), await crypto.subtle.verify('HMAC', key, mac, text('abc')), await crypto.subtle.verify('HMAC', key, mac, text('abd')), await crypto.subtle.verify('HMAC', key, new Uint8Array(0), text('abc')), JSON.stringify(key).includes('107')]`),
    ).toEqual([mac, true, false, false, false]);
  });
  it('makes random values and ids', async () => {
    expect(await inside(`return [crypto.randomUUID(), crypto.randomUUID()]`)).toEqual([
      expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      expect.any(String),
    ]);
    expect(
      await inside(`const values = crypto.getRandomValues(new Uint32Array(8)); return new Set(values).size > 1`),
    ).toBe(true);
    expect(
      await inside(`try { crypto.getRandomValues(new Uint8Array(70000)); } catch (fault) { return fault.name; }`),
    ).toBe('QuotaExceededError');
  });
});

describe('structuredClone', () => {
  it('copies data with cycles, maps, dates and bytes, and refuses functions', async () => {
    expect(
      await inside(`
        const source = { date: new Date(5), map: new Map([[{ a: 1 }, new Set([1])]]), bytes: new Uint8Array([1, 2]), list: [1, , 3], text: /x/gi };
        source.self = source;
        const copy = structuredClone(source);
        return [copy !== source, copy.self === copy, copy.date.getTime(), [...copy.map][0][1].has(1), [...copy.bytes], copy.list.length, 1 in copy.list, copy.text.flags];`),
    ).toEqual([true, true, 5, true, [1, 2], 3, false, 'gi']);
    expect(await inside(`try { structuredClone({ f() {} }); } catch (fault) { return fault.name; }`)).toBe(
      'DataCloneError',
    );
  });
});

describe('console', () => {
  it('writes lines to the log, objects as JSON, and stops at the budget', async () => {
    await inside(
      `console.log('a', { b: 1 }, 2n); console.warn(new Error('c').message); const circle = {}; circle.circle = circle; console.error(circle);`,
    );
    expect(guest.harness.logs.slice(-3).map(({ level, text }) => [level, text])).toEqual([
      ['info', 'a {"b":1} 2'],
      ['warn', 'c'],
      ['error', '[unreadable]'],
    ]);
    const before = guest.harness.logs.length;
    await inside(`for (let i = 0; i < 5000; i += 1) console.log('line', i);`);
    expect(guest.harness.logs.length - before).toBe(100);
  });
});
