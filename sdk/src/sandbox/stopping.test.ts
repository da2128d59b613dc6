import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { testManifest } from '../testing/index.ts';
import { createSandboxHost, type SandboxHealthEvent, type SandboxHost, type TrustGroup } from './index.ts';

let host: SandboxHost;
let events: SandboxHealthEvent[];
let births = 0;
const countBirth = (): void => void (births += 1);
beforeEach(async () => {
  events = [];
  host = createSandboxHost({ capabilities: {}, onHealth: (event) => void events.push(event) });
  await host.start();
  births = 0;
  subscribe('child_process', countBirth);
});
afterEach(async () => {
  unsubscribe('child_process', countBirth);
  await host.stop();
});

const code = `export default { promptTransforms: { t: { async transform(prompt) {
  await new Promise((resolve) => setTimeout(resolve, prompt.waitMs ?? 0));
  return { note: 'ok' };
} } } };`;
async function load(name: string, trust: TrustGroup): Promise<void> {
  const manifest = testManifest({ promptTransforms: ['t'] }, { id: `test.${name}` });
  const grants = { network: [], networkPrivate: false, capabilities: [] };
  await host.load({ id: manifest.id, version: manifest.version, trust, manifest, code, grants, settings: {} });
}
const call = (name: string, input = {}) =>
  host.call({
    plugin: `test.${name}@${testManifest({}).version}`,
    kind: 'promptTransforms',
    contribution: 't',
    method: 'transform',
    input,
    context: {},
    subject: { userId: 'u' },
  });

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('a worker leaves %s to its core', async (signal) => {
  await load('first', 'unreviewed');
  const waiting = call('first', { waitMs: 200 });
  const { pid } = host.health().workers[0]!;
  process.kill(pid, signal);
  expect(await waiting).toEqual({ note: 'ok' });
  expect(host.health().workers.map((worker) => worker.pid)).toEqual([pid]);
  expect(events.map(({ type }) => type)).not.toContain('worker-exit');
});

test('once it stops no worker is started, also not for what was under way', async () => {
  await load('first', 'unreviewed');
  process.kill(host.health().workers[0]!.pid, 'SIGKILL');
  await vi.waitFor(() => expect(events.map(({ type }) => type)).toContain('worker-exit'), { timeout: 60_000 });
  births = 0;
  const outcomes = Promise.allSettled([call('first'), load('second', 'reviewed'), load('third', 'unreviewed')]);
  const stopped = host.stop();
  const outcome = (await outcomes).map(({ status }) => status);
  await stopped;
  expect(outcome).toEqual(['rejected', 'rejected', 'rejected']);
  await expect(call('first')).rejects.toMatchObject({ code: 'sandbox.not-loaded' });
  await expect(load('fourth', 'unreviewed')).rejects.toMatchObject({ code: 'sandbox.stopped' });
  expect(births).toBe(0);
});
