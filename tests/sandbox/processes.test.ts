import { once } from 'node:events';
import { readFile, readlink, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { platform } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { HostileHost, tightLimits } from './support/hostile-host.ts';

const host = new HostileHost();
beforeAll(() => host.start());
afterAll(() => host.stop());

const onLinux = platform() === 'linux';
const workers = () => host.sandbox.health().workers;

describe('a worker process', () => {
  it.runIf(onLinux)('has no environment of ours, no way to files, and limits of its own', async () => {
    process.env['PARLEY_TEST_SECRET'] = 'from the environment of the core';
    await host.load('return {};', { trust: 'dev' });
    delete process.env['PARLEY_TEST_SECRET'];
    expect(workers().length).toBeGreaterThanOrEqual(2);
    for (const { pid } of workers()) {
      expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toMatch(/PARLEY|DATABASE|SECRET|HOME=|PATH=/);
      const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
      expect(command).toContain('--permission');
      expect(command.filter((word) => /allow-(child|worker|fs-write|wasi|inspector)/.test(word))).toEqual([]);
      expect(command.filter((word) => /allow-fs-read=(\/|\*|\/etc|\/root)$/.test(word))).toEqual([]);
      const limits = await readFile(`/proc/${pid}/limits`, 'utf8');
      expect(limits).toMatch(/Max core file size\s+0\s+0/);
      expect(limits).toMatch(/Max address space\s+\d+/);
    }
  });

  it.runIf(onLinux)('inherits no socket of the core', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const key = await host.load('return {};', { trust: 'dev' });
    const mine = new Set(await sockets(process.pid));
    for (const { pid } of workers()) {
      const shared = (await sockets(pid)).filter((socket) => mine.has(socket));
      expect(shared).toEqual([]);
    }
    server.close();
    await host.sandbox.unload(key);
  });

  it('never loads the engine into the core', () => {
    const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] };
    expect(sharedObjects.filter((name) => name.includes('isolated'))).toEqual([]);
  });

  it('is the only place that knows the engine', async () => {
    const sources = fileURLToPath(new URL('../../', import.meta.url));
    const rooms = ['sdk/src', 'core/src', 'plugins', 'web/src'];
    const knowing: string[] = [];
    for (const room of rooms) {
      for (const entry of await readdir(join(sources, room), { recursive: true })) {
        if (!/\.(ts|mjs|svelte)$/.test(entry) || /node_modules|dist/.test(entry)) continue;
        const text = await readFile(join(sources, room, entry), 'utf8');
        if (/(from|import|require)\s*\(?\s*['"]isolated-vm/.test(text)) knowing.push(join(room, entry));
      }
    }
    expect(knowing.length).toBeGreaterThan(0);
    const texts = await Promise.all(knowing.map((path) => readFile(join(sources, path), 'utf8')));
    // What the engine offers and no correct host uses: each of them has opened a way out, or brought the process down.
    expect(texts.join('\n')).not.toMatch(
      /createSnapshot|accessors|unsafeInherit|applySyncPromise|inspector|release:\s*true/,
    );
    expect(knowing.filter((path) => !path.startsWith('sdk/src/sandbox/worker/'))).toEqual([]);
  });

  it('is not shared between groups of trust, and an unreviewed or dev plugin has one for itself', async () => {
    const keys = await Promise.all([
      host.load('return {};', { trust: 'reviewed' }),
      host.load('return {};', { trust: 'reviewed' }),
      host.load('return {};', { trust: 'official' }),
      host.load('return {};', { trust: 'unreviewed' }),
      host.load('return {};', { trust: 'unreviewed' }),
      host.load('return {};', { trust: 'dev' }),
    ]);
    const pidOf = (index: number) => workers().find(({ plugins }) => plugins.includes(keys[index] ?? 'none@0'))?.pid;
    expect(pidOf(0)).toBe(pidOf(1));
    expect(new Set([0, 2, 3, 4, 5].map(pidOf)).size).toBe(5);
    const alone = workers().filter(({ group }) => group === 'unreviewed' || group === 'dev');
    expect(alone.every(({ plugins }) => plugins.length <= 1)).toBe(true);
    for (const key of keys) await host.sandbox.unload(key);
  });

  it.runIf(onLinux)('of an unreviewed plugin compiles nothing at run time', async () => {
    const key = await host.load('return { note: "jitless" };', { trust: 'unreviewed' });
    expect((await host.outcome(key)).result).toEqual({ note: 'jitless' });
    const worker = workers().find(({ plugins }) => plugins.includes(key));
    expect(await readFile(`/proc/${worker?.pid}/cmdline`, 'utf8')).toContain('--jitless');
    await host.sandbox.unload(key);
  });

  it('that is killed fails its calls with a reason, and the next call works within two seconds', async () => {
    const body =
      'if (prompt.wait) { context.log.info("inside"); return new Promise(() => {}); } return { note: "alive" };';
    const plugin = await host.load(body, { limits: { wallMs: 20_000 } });
    const inside = () => host.logs.filter((line) => line.plugin === plugin && line.text === 'inside').length;
    const timeToMend = async () => {
      const before = inside();
      const calls = Array.from({ length: 20 }, () => host.outcome(plugin, { input: { wait: true } }));
      await expect.poll(inside).toBe(before + calls.length);
      const worker = workers().find(({ plugins }) => plugins.includes(plugin));
      if (!worker) throw new Error('no worker has the plugin');
      process.kill(worker.pid, 'SIGKILL');
      for (const { failure } of await Promise.all(calls)) expect(failure?.code).toBe('sandbox.crashed');
      const { result, tookMs } = await host.outcome(plugin);
      expect(result).toEqual({ note: 'alive' });
      return tookMs;
    };
    // Others on the machine may hold up the new worker; not each time.
    await expect.poll(timeToMend, { timeout: 60_000 }).toBeLessThan(2_000);
    await host.innocentAnswers();
    await host.sandbox.unload(plugin);
  });

  it('that is stopped in its tracks is noticed and replaced', async () => {
    const plugin = await host.load('return { note: "alive" };', { trust: 'dev', limits: tightLimits });
    const worker = workers().find(({ plugins }) => plugins.includes(plugin));
    if (!worker) throw new Error('no worker has the plugin');
    process.kill(worker.pid, 'SIGSTOP');
    const { failure } = await host.outcome(plugin);
    expect(failure?.code).toMatch(/^sandbox\.(timed-out|crashed)$/);
    await expect.poll(async () => (await host.outcome(plugin)).result, { timeout: 60_000 }).toEqual({ note: 'alive' });
    await host.sandbox.unload(plugin);
  });
});

describe('a plugin that fails again and again', () => {
  it('rests after five failures, and may try again later', async () => {
    const plugin = await host.load('throw new Error("no");');
    for (let i = 0; i < 5; i++) expect((await host.outcome(plugin)).failure?.code).toBe('sandbox.threw');
    expect((await host.outcome(plugin)).failure?.code).toBe('sandbox.resting');
    expect(host.sandbox.health().plugins.find(({ plugin: key }) => key === plugin)?.state).toBe('resting');
    host.sandbox.revive(plugin);
    expect((await host.outcome(plugin)).failure?.code).toBe('sandbox.threw');
    await host.innocentAnswers();
    await host.sandbox.unload(plugin);
  });

  it('is disabled after three deaths of its worker, and it alone is blamed', async () => {
    // Time enough for each call to see the death, not only the end of its own clock.
    const limits = { ...tightLimits, wallMs: 30_000 };
    const killer = await host.load('Array.prototype.indexOf.call({ length: 9007199254740991 }, 1);', { limits });
    for (let death = 0; death < 3; death++)
      expect((await host.outcome(killer)).failure?.code).toMatch(/^sandbox\.(timed-out|crashed)$/);
    expect((await host.outcome(killer)).failure?.code).toBe('sandbox.disabled');
    const health = host.sandbox.health().plugins;
    expect(health.filter(({ state }) => state === 'disabled').map(({ plugin }) => plugin)).toEqual([killer]);
    expect(host.events.some(({ type, plugin }) => type === 'disabled' && plugin === killer)).toBe(true);
    await host.innocentAnswers();
    await host.sandbox.unload(killer);
  });
});

async function sockets(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const links = await Promise.all(
    (await readdir(folder)).map((name) =>
      // A descriptor may close between listing and reading it.
      readlink(`${folder}/${name}`).catch(() => ''),
    ),
  );
  // Pipes are left out: those that somebody left open to whoever started this process go on to all its children.
  return links.filter((link) => link.startsWith('socket:'));
}
