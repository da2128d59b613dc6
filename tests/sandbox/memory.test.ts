import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { HostileHost } from './support/hostile-host.ts';

const host = new HostileHost();
beforeAll(() => host.start());
afterAll(() => host.stop());

const bombs: Record<string, string> = {
  objects: 'const a = []; for (;;) a.push({ a: [1, 2, 3] });',
  'a Map': 'const m = new Map(); for (let i = 0; ; i++) m.set(i, { i });',
  'a Set of strings': 'const s = new Set(); for (let i = 0; ; i++) s.add("key" + i);',
  'keys of an object': 'const o = {}; for (let i = 0; ; i++) o["key" + i] = i;',
  'strings that double': 'let s = "x"; for (;;) { s += s; s.charCodeAt(s.length - 1); }',
  'a padded string':
    'const all = []; for (;;) { const s = "x".padEnd(5e7, "yz"); all.push(s.replace(/x/, "" + all.length)); }',
  'a large array with fill': 'const all = []; for (;;) all.push(new Array(2 ** 27).fill(1));',
  'a large split': 'const all = []; for (;;) all.push("x,".repeat(2e7).split(","));',
  'typed arrays': 'const all = []; for (;;) all.push(new Uint8Array(1e7).fill(1));',
  'small typed arrays': 'const all = []; for (;;) all.push(new Uint8Array(1e4).fill(1));',
  'resizable buffers':
    'const all = []; for (;;) { const b = new ArrayBuffer(1e6, { maxByteLength: 1e9 }); all.push(b); if (b.resize) b.resize(1e9); new Uint8Array(b).fill(1); }',
  'resizable buffers of a subclass':
    'class B extends ArrayBuffer {} const all = []; for (;;) { const b = new B(8, { maxByteLength: 1e9 }); all.push(b); if (!b.resizable) throw new Error("not resizable"); b.resize(1e9); new Uint8Array(b).fill(1); }',
  'growing bodies of JSON': 'const deep = "[".repeat(5e7); JSON.parse(deep); return {};',
  'deep nesting written as JSON': 'let o = {}; for (let i = 0; i < 5e6; i++) o = { o }; JSON.stringify(o); return {};',
  'a function with very many arguments': 'Math.max.apply(null, new Array(1e8)); return {};',
  closures: 'const all = []; for (;;) { const kept = new Array(1e4).fill(0); all.push(() => kept); }',
  promises: 'const all = []; for (;;) all.push(new Promise(() => {}));',
  'promises that wait for each other':
    'const again = () => Promise.resolve().then(again); again(); return new Promise(() => {});',
  'compiled functions':
    'const all = []; for (let i = 0; ; i++) all.push(new Function("return " + "1+".repeat(2e4) + i));',
  'large patterns':
    'const all = []; for (let i = 0; ; i++) { const r = new RegExp(("(a|b" + i + "){1,500}").repeat(100)); r.test("x"); all.push(r); }',
  'a template of many parts': 'let s = "x".repeat(1e6); const all = []; for (;;) all.push([...s]);',
  symbols: 'const all = []; for (let i = 0; ; i++) all.push(Symbol("s".repeat(1000) + i));',
  'shared bytes through text encoding': 'const all = []; for (;;) all.push(new TextEncoder().encode("é".repeat(1e6)));',
  'cloned values': 'let o = { a: 1 }; for (;;) o = { a: structuredClone(o), b: structuredClone(o) };',
  'timers that are never rung': 'for (;;) setTimeout(() => {}, 1e6);',
  'random bytes': 'const all = []; for (;;) all.push(crypto.getRandomValues(new Uint8Array(65536)));',
};

describe('a plugin that takes memory', () => {
  it.each(Object.entries(bombs))('costs its own call, not the host: %s', async (_name, body) => {
    const before = process.memoryUsage.rss();
    const { failure } = await host.attack(body, { limits: { sliceMs: 1_000, cpuMs: 1_000, wallMs: 1_200 } });
    expect(failure?.code).toMatch(/^sandbox\.(out-of-memory|crashed|timed-out|threw|budget)$/);
    expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
  });

  it('never lets a worker grow beyond its limit for long', async () => {
    const worst = { rss: 0 };
    const timer = setInterval(() => {
      for (const { rssBytes } of host.sandbox.health().workers) worst.rss = Math.max(worst.rss, rssBytes);
    }, 20);
    // No faster than 250 MB a second, so that what counts is who looks after it, and not how soon he gets a processor.
    const { failure } = await host.attack(
      `const all = [];
       for (;;) { all.push(new Uint8Array(5e6).fill(1)); await new Promise((next) => setTimeout(next, 20)); }`,
      { limits: { cpuMs: 20_000, wallMs: 30_000, memoryMb: 2_000, workerRssMb: 300 } },
    );
    clearInterval(timer);
    expect(failure?.code).toBe('sandbox.out-of-memory');
    expect(worst.rss).toBeLessThan(1_000_000_000);
  });
});
