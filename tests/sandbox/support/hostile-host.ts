import { PluginManifest } from '@parley/sdk/contract';
import {
  type BoundSecret,
  createSandboxHost,
  type Grants,
  type HookCall,
  type HookKind,
  type PluginKey,
  type PluginLogLine,
  SandboxFailure,
  type SandboxHealthEvent,
  type SandboxHost,
  type SandboxLimits,
  type SandboxOptions,
  type TrustGroup,
} from '@parley/sdk/sandbox';
import { afterEach, expect } from 'vitest';

import { leastBlock, longestBlockMs, watchLoop } from '../../../sdk/src/testing/loop-watch.ts';

/** What comes to an end by itself has room for it, also in a process that is held up by others for a second or two. */
export const roomyLimits = {
  sliceMs: 3_000,
  cpuMs: 10_000,
  wallMs: 20_000,
  idleMs: 20_000,
  memoryMb: 32,
  workerRssMb: 320,
} satisfies Partial<SandboxLimits>;
/** For what only a clock can end: over in a second or two. */
export const tightLimits = { sliceMs: 200, cpuMs: 500, wallMs: 2_000, idleMs: 2_000 } satisfies Partial<SandboxLimits>;
/** How much later than its own limits a call may end, by this process's own time: the kill, and what comes after it. */
const graceMs = 3_000;
/** Not a limit of ours: what a starved machine may need to start a worker again. */
const patienceMs = 30_000;
const noGrants: Grants = { network: [], networkPrivate: false, capabilities: [] };

const hookOf: Record<HookKind, { local: string; contribution: Record<string, unknown>; method: string }> = {
  promptTransforms: { local: 'main', contribution: { id: 'main', name: 'Main' }, method: 'transform' },
  moderators: { local: 'main', contribution: { id: 'main', name: 'Main', on: ['input'] }, method: 'check' },
  streamFilters: { local: 'main', contribution: { id: 'main', name: 'Main' }, method: 'start' },
  providers: { local: 'main', contribution: { id: 'main', name: 'Main' }, method: 'chat' },
};

export interface PluginOptions {
  kind?: HookKind;
  trust?: TrustGroup;
  limits?: Partial<SandboxLimits>;
  grants?: Partial<Grants>;
  settings?: Record<string, unknown>;
  /** Plugin text before the hook. */
  prelude?: string;
}
export interface CallOptions {
  input?: unknown;
  user?: string;
  connection?: { network: Grants['network']; secrets: BoundSecret[] };
  context?: Record<string, unknown>;
  signal?: AbortSignal;
}
export interface Outcome {
  result: unknown;
  failure: SandboxFailure | undefined;
  /** By this process's own time, see `loop-watch.ts`. */
  tookMs: number;
  blockedMs: number;
}

/** A host with a well-behaved plugin in it, and hostile ones that come and go beside it. */
export class HostileHost {
  readonly logs: PluginLogLine[] = [];
  readonly events: SandboxHealthEvent[] = [];
  readonly sandbox: SandboxHost;
  #count = 0;
  #innocent: PluginKey | undefined;
  /** Attacks during which this process was held up, to be tried again when the test has counted what they did. */
  #suspects: (() => Promise<Outcome>)[] = [];

  constructor(options: Partial<SandboxOptions> = {}) {
    this.sandbox = createSandboxHost({
      capabilities: {},
      onLog: (line) => this.logs.push(line),
      onHealth: (event) => this.events.push(event),
      ...options,
    });
    afterEach(() => this.#trySuspectsAgain());
  }

  async start(): Promise<void> {
    await this.sandbox.start();
    // It may be asked again; and a worker that is stuck is given as long as the most patient plugin in it.
    this.#innocent = await this.load('return { note: prompt.word + "!" };', { limits: tightLimits });
  }
  stop(): Promise<void> {
    return this.sandbox.stop();
  }

  /** `body` is the text of the hook; in it are `prompt` (or `input`, `request`) and `context`. */
  async load(body: string, options: PluginOptions = {}): Promise<PluginKey> {
    const kind = options.kind ?? 'promptTransforms';
    const { local, contribution, method } = hookOf[kind];
    const star = kind === 'providers' ? '*' : '';
    const asynchronous = kind === 'streamFilters' ? '' : 'async ';
    const parameters = kind === 'streamFilters' ? 'context' : 'prompt, context';
    const code = `${options.prelude ?? ''}
export default { ${kind}: { ${local}: { ${asynchronous}${star}${method}(${parameters}) {
${body}
} } } };`;
    return this.loadCode(code, { ...options, kind }, { [kind]: [contribution] });
  }

  async loadCode(code: string, options: PluginOptions, contributes: Record<string, unknown>): Promise<PluginKey> {
    this.#count += 1;
    const id = `acme.plugin-${this.#count}`;
    const manifest = PluginManifest.parse({
      id,
      version: '1.0.0',
      api: '2026-11-01',
      name: id,
      description: 'Part of a test',
      author: 'Acme',
      license: 'MIT',
      contributes,
    });
    await this.sandbox.load({
      id,
      version: '1.0.0',
      trust: options.trust ?? 'reviewed',
      manifest,
      code,
      grants: { ...noGrants, ...options.grants },
      settings: options.settings ?? {},
      limits: { ...roomyLimits, ...options.limits },
    });
    return `${id}@1.0.0`;
  }

  callOf(plugin: PluginKey, kind: HookKind, options: CallOptions = {}): HookCall {
    return {
      plugin,
      kind,
      contribution: hookOf[kind].local,
      method: hookOf[kind].method,
      input: options.input ?? {},
      context: {
        settings: {},
        locale: 'en',
        timeZone: 'UTC',
        now: '2026-11-21T00:00:00.000Z',
        ...options.context,
      },
      subject: { userId: options.user ?? 'user-1' },
      ...(options.connection ? { connection: options.connection } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    };
  }

  /** One call, timed, and watched over: whatever the plugin did, this process's loop went on turning. */
  async outcome(plugin: PluginKey, options: CallOptions = {}, kind: HookKind = 'promptTransforms'): Promise<Outcome> {
    const watch = watchLoop();
    let result: unknown;
    let failure: SandboxFailure | undefined;
    try {
      result = await this.sandbox.call(this.callOf(plugin, kind, options));
    } catch (error) {
      if (!(error instanceof SandboxFailure)) throw error;
      failure = error;
    }
    const { worstMs, ownMs } = await watch.stop();
    return { result, failure, tookMs: ownMs, blockedMs: worstMs };
  }

  async innocentAnswers(): Promise<void> {
    const plugin = this.#innocent;
    if (!plugin) throw new Error('the host was not started');
    const call = this.callOf(plugin, 'promptTransforms', { input: { word: 'fine' } });
    await expect
      .poll(() => this.sandbox.call(call).catch(String), { timeout: patienceMs, interval: 50 })
      .toEqual({ note: 'fine!' });
  }

  /** Loads, calls and unloads a plugin, and asserts what holds for every attack. */
  async attack(body: string, options: PluginOptions & CallOptions = {}): Promise<Outcome> {
    const outcome = await this.#attackOnce(body, options);
    if (outcome.blockedMs >= longestBlockMs) this.#suspects.push(() => this.#attackOnce(body, options));
    return outcome;
  }

  async #attackOnce(body: string, options: PluginOptions & CallOptions): Promise<Outcome> {
    const kind = options.kind ?? 'promptTransforms';
    const plugin = await this.load(body, options);
    const outcome = await this.outcome(plugin, options, kind);
    await this.#assertUnharmed(outcome, options.limits);
    await this.sandbox.unload(plugin);
    return outcome;
  }

  async #trySuspectsAgain(): Promise<void> {
    for (const attack of this.#suspects.splice(0)) {
      expect(await leastBlock(async () => (await attack()).blockedMs)).toBeLessThan(longestBlockMs);
    }
  }

  async #assertUnharmed({ failure, tookMs }: Outcome, limits: Partial<SandboxLimits> = {}): Promise<void> {
    if (failure) {
      expect(failure.detail ?? '').toHaveLength(Math.min(failure.detail?.length ?? 0, 1_000));
      // oxlint-disable-next-line no-control-regex
      expect(failure.message).not.toMatch(/[\u0000-\u0008\u000B-\u001F]|node:internal|\/sdk\/src\//);
    }
    expect(tookMs).toBeLessThan((limits.wallMs ?? roomyLimits.wallMs) + graceMs);
    await this.innocentAnswers();
  }
}
