import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createPluginHarness, testManifest } from '../testing/index.ts';
import type { HarnessOptions, PluginHarness } from '../testing/index.ts';
import { loadWorkerBundle } from './bundle/worker-bundle.ts';
import { encodeFrame } from './framing.ts';
import { WorkerProcess } from './worker-process.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
const hasProc = existsSync('/proc/self/status');
const source = `export default { promptTransforms: { t: { transform: () => ({ note: 'ok' }) } } };`;

async function start(options: Partial<HarnessOptions> = {}): Promise<PluginHarness> {
  const harness = await createPluginHarness({
    manifest: testManifest({ promptTransforms: ['t'] }),
    source,
    ...options,
  });
  cleanups.push(() => harness.close());
  return harness;
}
const pidOf = (harness: PluginHarness): number => harness.host.health().workers[0]!.pid;

describe.runIf(hasProc)('a worker process', () => {
  it('has an empty environment, no right to files, and narrow limits', async () => {
    const pid = pidOf(await start());
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1')
      .split('\0')
      .filter((entry) => entry !== '' && !entry.startsWith('PWD='));
    expect(environment).toEqual([]);
    const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
    expect(command).toContain('--permission');
    expect(command.filter((word) => word.startsWith('--allow-'))).not.toContain('--allow-fs-write');
    expect(command.join(' ')).not.toMatch(/--allow-(child-process|worker|wasi|inspector|net|fs-write)/);
    const limits = readFileSync(`/proc/${pid}/limits`, 'latin1');
    expect(limits).toMatch(/Max core file size +0 /);
    expect(limits).toMatch(/Max address space +\d+/);
  });
  it('may read its packages and nothing else of the repository', async () => {
    const command = readFileSync(`/proc/${pidOf(await start())}/cmdline`, 'latin1').split('\0');
    const readable = command
      .filter((word) => word.startsWith('--allow-fs-read='))
      .map((word) => word.slice('--allow-fs-read='.length));
    for (const path of readable) expect(path).toMatch(/node_modules[\\/]|boot\.mjs$|alpine-release$/);
  });
  it('has no just-in-time compiler when its plugin is unreviewed', async () => {
    const commandOf = async (trust: 'unreviewed' | 'dev'): Promise<string[]> =>
      readFileSync(`/proc/${pidOf(await start({ trust }))}/cmdline`, 'latin1').split('\0');
    expect(await commandOf('unreviewed')).toContain('--jitless');
    expect(await commandOf('dev')).not.toContain('--jitless');
  });
  it('is killed when it takes more memory than its plugin may, says so, and is replaced', async () => {
    // It never answers by itself: whatever the machine is busy with, the call lasts until the scale is read.
    const greedy = `let kept; export default { promptTransforms: { t: { transform: ({ messages }) => {
      if (messages.length === 0) return { note: 'modest' };
      kept = Array.from({ length: 40 }, () => new Uint8Array(1e7).fill(1));
      return new Promise(() => kept);
    } } } };`;
    const limits = { workerRssMb: 300, memoryMb: 1_000, sliceMs: 20_000, wallMs: 25_000 };
    const harness = await start({ source: greedy, limits });
    const pid = pidOf(harness);
    const messages = [{ role: 'user' as const, content: 'Take all' }];
    const killed = { code: 'sandbox.out-of-memory', detail: 'killed: too much memory' };
    await expect(harness.transform('t', { messages })).rejects.toMatchObject(killed);
    expect(harness.host.health().plugins[0]?.lastFailure).toMatchObject(killed);
    expect(harness.healthEvents.find(({ type }) => type === 'worker-exit')?.reason).toContain('too much memory');
    expect(await harness.transform('t', { messages: [] })).toEqual({ note: 'modest' });
    expect(pidOf(harness)).not.toBe(pid);
  });
  it('ends when the core is gone, also by kill -9', async () => {
    const script = `
      import { createPluginHarness, testManifest } from ${JSON.stringify(new URL('../testing/index.ts', import.meta.url).href)};
      const harness = await createPluginHarness({ manifest: testManifest({ promptTransforms: ['t'] }), source: ${JSON.stringify(source)} });
      console.log(harness.host.health().workers[0].pid);
      process.kill(process.pid, 'SIGKILL');`;
    const run = promisify(execFile)(process.execPath, ['--no-warnings', '--input-type=module', '-e', script]);
    const { stdout } = await run.catch((fault: { stdout: string }) => fault);
    const pid = Number(stdout.trim());
    expect(pid).toBeGreaterThan(0);
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 60_000 });
  });
});

describe('the core', () => {
  it.runIf(hasProc)('never loads the engine of the isolates', async () => {
    await start();
    expect(readFileSync('/proc/self/maps', 'latin1')).not.toContain('isolated_vm');
  });
  it('kills a worker that breaks the protocol, and reads nothing more of it', async () => {
    const bundle = await loadWorkerBundle();
    const entry = 'file:///forger.js';
    const forged = Buffer.concat([
      encodeFrame('[["ready"]]'),
      encodeFrame('[["done",1,{}]]'),
      encodeFrame('[["pong",7]]'),
    ]).toString('base64');
    const modules = {
      [entry]: `import { Socket } from 'node:net'; const pipe = new Socket({ fd: 3 }); pipe.write(Buffer.from('${forged}', 'base64')); setInterval(() => {}, 1000);`,
    };
    const forger = { ...bundle, entry, modules, packages: {} };
    const worker = new WorkerProcess({ ...forger, text: JSON.stringify(forger) }, { jitless: false, now: 0 });
    cleanups.push(() => worker.kill('stop'));
    const messages: unknown[] = [];
    worker.onMessages = (list) => void messages.push(...list);
    const exit = await new Promise<{ killedFor: string | undefined }>((resolve) => (worker.onExit = resolve));
    expect(exit.killedFor).toBe('protocol');
    expect(messages).toEqual([]);
  });
  it('lets a process end that has an idle sandbox', async () => {
    const script = `
      import { createSandboxHost } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
      const host = createSandboxHost({ capabilities: {} });
      await host.start();
      console.log('started');`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--no-warnings', '--input-type=module', '-e', script],
      { cwd: fileURLToPath(new URL('.', import.meta.url)), timeout: 60_000 },
    );
    expect(stdout.trim()).toBe('started');
  });
});
