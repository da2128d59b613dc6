import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { HostileHost, tightLimits } from './support/hostile-host.ts';

let running = 0;
let held = 0;
let mostRunning = 0;
let served = 0;
const host = new HostileHost({
  capabilities: {
    'storage.get': async () => {
      served += 1;
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running -= 1;
      return 'x';
    },
    'storage.set': async () => {
      throw new Error('secret path /srv/parley and a stack');
    },
    'storage.list': () => new Promise(() => {}),
    'storage.delete': ({ signal }) =>
      new Promise((resolve) => {
        held += 1;
        signal.addEventListener('abort', () => {
          held -= 1;
          resolve(null);
        });
      }),
  },
});
beforeAll(() => host.start());
afterAll(() => host.stop());

const storage = { capabilities: ['storage'] };

describe('a flood', () => {
  it('of host calls is refused beyond the budget, and never runs more at once than allowed', async () => {
    served = mostRunning = 0;
    const body =
      'const all = []; for (let i = 0; i < 20000; i++) all.push(context.storage.get("k" + i).then(() => 1, () => 0)); const done = await Promise.all(all); return { ok: done.reduce((a, b) => a + b, 0) };';
    const { failure, result } = await host.attack(body, {
      grants: storage,
      limits: { hostCalls: 50, hostCallsInFlight: 8, sliceMs: 1_000 },
    });
    expect(served).toBeLessThanOrEqual(50);
    expect(mostRunning).toBeLessThanOrEqual(8);
    expect((result as { ok: number } | undefined)?.ok ?? 0).toBeLessThanOrEqual(50);
    expect(failure?.code ?? 'sandbox.budget').toMatch(/^sandbox\.(budget|timed-out|out-of-memory)$/);
  });

  it('of log lines is cut at its budget, in lines and in bytes', async () => {
    const before = host.logs.length;
    await host.attack('for (let i = 0; i < 100000; i++) console.log("line " + i + "x".repeat(500)); return {};', {
      limits: { logLines: 50, logBytes: 10_000, sliceMs: 1_000 },
    });
    const lines = host.logs.slice(before);
    expect(lines.length).toBeLessThanOrEqual(52);
    expect(lines.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(20_000);
  });

  it('of log lines while the module is loaded is cut as well', async () => {
    const before = host.logs.length;
    const plugin = await host
      .load('return {};', { prelude: 'for (let i = 0; i < 5000; i++) console.log("loading " + i);' })
      .catch(() => undefined);
    if (plugin) await host.outcome(plugin);
    expect(host.logs.length - before).toBeLessThan(500);
    await host.innocentAnswers();
  });

  it.each([
    ['timers', 'for (let i = 0; i < 200000; i++) setTimeout(() => {}, 1); await new Promise(() => {});'],
    ['intervals', 'for (let i = 0; i < 5000; i++) setInterval(() => {}, 1); await new Promise(() => {});'],
    [
      'timers that start two more',
      'const f = () => { setTimeout(f, 1); setTimeout(f, 1); }; f(); await new Promise(() => {});',
    ],
    [
      'requests that are refused',
      'for (let i = 0; i < 50000; i++) fetch("http://127.0.0.1/" + i).catch(() => {}); await new Promise(() => {});',
    ],
    [
      'requests that are aborted',
      'for (let i = 0; i < 20000; i++) { const c = new AbortController(); fetch("http://127.0.0.1/" + i, { signal: c.signal }).catch(() => {}); c.abort(); } await new Promise(() => {});',
    ],
    [
      'unhandled rejections',
      'for (let i = 0; i < 100000; i++) Promise.reject(new Error("noise " + i)); await new Promise(() => {});',
    ],
    ['computations', 'for (;;) { await crypto.subtle.digest("SHA-512", new Uint8Array(1e6)); }'],
    ['URLs', 'for (;;) new URL("https://a.example/" + "x".repeat(1e5));'],
    ['random bytes', 'for (;;) crypto.getRandomValues(new Uint8Array(65536));'],
    ['clearing timers that are not there', 'for (let i = 0; ; i++) clearTimeout(i);'],
  ])('of %s ends with a typed error and leaves the loop of the core alone', async (_name, body) => {
    const { failure } = await host.attack(body, { limits: { ...tightLimits, wallMs: 1_000 } });
    expect(failure?.code).toMatch(/^sandbox\./);
  });

  it('of parts reaches the core in batches and ends at the budget', async () => {
    const plugin = await host.load(
      'for (let i = 0; ; i++) yield { type: "toolCall", index: i, arguments: "x".repeat(100) };',
      {
        kind: 'providers',
        limits: { emittedParts: 20_000, cpuMs: 5_000, sliceMs: 1_000 },
      },
    );
    let batches = 0;
    let parts = 0;
    const ended = Promise.withResolvers<string | undefined>();
    host.sandbox.stream(host.callOf(plugin, 'providers'), {
      onParts: (batch) => {
        batches += 1;
        parts += batch.length;
      },
      onEnd: (failure) => ended.resolve(failure?.code),
    });
    expect(await ended.promise).toMatch(/^sandbox\.(budget|timed-out|out-of-memory)$/);
    expect(parts).toBeLessThanOrEqual(20_000);
    expect(batches).toBeLessThan(2_000);
    await host.innocentAnswers();
  });
});

describe('a host call', () => {
  it('that fails tells the plugin a code and nothing of the host', async () => {
    const body =
      'try { await context.storage.set("a", 1); } catch (error) { return { code: error.code, text: String(error.message) + String(error.stack) }; } return {};';
    const { result } = await host.attack(body, { grants: storage });
    expect(result).toMatchObject({ code: 'host.unavailable' });
    expect(JSON.stringify(result)).not.toMatch(/secret path|\/srv/);
  });

  it('that never answers ends with its call', async () => {
    const { failure } = await host.attack('await context.storage.list(); return {};', {
      grants: storage,
      limits: { wallMs: 500 },
    });
    expect(failure?.code).toBe('sandbox.timed-out');
  });

  it('that is in flight is aborted when the call is, the plugin is unloaded, or its worker dies', async () => {
    const plugin = await host.load(
      'for (let i = 0; i < 8; i++) context.storage.delete("k").catch(() => {}); await null; if (prompt.crash) while (true); return new Promise(() => {});',
      {
        grants: storage,
      },
    );
    const controller = new AbortController();
    const first = host.outcome(plugin, { signal: controller.signal });
    await expect.poll(() => held).toBeGreaterThan(0);
    controller.abort();
    expect((await first).failure?.code).toBe('sandbox.aborted');
    const second = host.outcome(plugin);
    await expect.poll(() => held).toBeGreaterThan(0);
    await host.sandbox.unload(plugin);
    expect((await second).failure?.code).toMatch(/^sandbox\.(aborted|not-loaded|stopped)$/);
    await expect.poll(() => held).toBe(0);
    await host.innocentAnswers();
  });

  it('in flight while its isolate is disposed harms nobody, many times over', async () => {
    for (let round = 0; round < 15; round++) {
      const plugin = await host.load(
        'const all = Array.from({ length: 16 }, (_, i) => context.storage.get("k" + i)); setTimeout(() => {}, 1); await Promise.all(all); return new Promise(() => {});',
        {
          grants: storage,
        },
      );
      const calls = Array.from({ length: 4 }, () => host.outcome(plugin));
      await new Promise((resolve) => setTimeout(resolve, round));
      await host.sandbox.unload(plugin);
      for (const { failure } of await Promise.all(calls)) expect(failure?.code).toMatch(/^sandbox\./);
    }
    await host.innocentAnswers();
  });
});
