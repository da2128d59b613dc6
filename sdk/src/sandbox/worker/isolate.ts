import ivm from 'isolated-vm';
import { createHostFunction } from './bridge.ts';
import type { RunMarker } from './run-marker.ts';
import { cleanPluginText } from '../plugin-text.ts';
import type { SandboxFailureCode } from '../sandbox-errors.ts';

/** Joining what an entry made takes a few milliseconds at most. */
const drainMs = 200;

export interface RunOutcome {
  /** The guest's lines, see guest/outbox.ts. */
  output: string;
  fault?: { code: SandboxFailureCode; detail: string };
  cpuNs: number;
}

export class LoadFault extends Error {}

/**
 * One engine instance of one plugin version. Contexts inside it are cheap and share nothing but code and the memory limit. Entries are
 * synchronous on the worker's thread: measured six times cheaper than asynchronous ones, and the engine's `timeout` ends them; what it
 * can't end, the core ends by killing the process.
 */
export class PluginIsolate {
  readonly slot: number;
  readonly #isolate: ivm.Isolate;
  readonly #guest: ivm.Script;
  readonly #marker: RunMarker;
  readonly #code: string;
  /** Our own code cache, made by this isolate and never leaving this process. */
  #cachedData: ivm.ExternalCopy<ArrayBuffer> | undefined;
  #retired = false;
  #contexts = 0;

  constructor(options: { slot: number; code: string; guestSource: string; memoryMb: number; marker: RunMarker }) {
    this.slot = options.slot;
    this.#code = options.code;
    this.#marker = options.marker;
    this.#isolate = new ivm.Isolate({
      memoryLimit: options.memoryMb,
      // The heap can't be trusted any more, and with it the process: name the culprit and go.
      onCatastrophicError: () => {
        options.marker.catastrophe(options.slot);
        process.kill(process.pid, 'SIGKILL');
      },
    });
    this.#guest = this.#isolate.compileScriptSync(options.guestSource, { filename: 'parley:guest' });
  }

  get usable(): boolean {
    return !this.#retired && !this.#isolate.isDisposed;
  }
  get memoryBytes(): number {
    if (this.#isolate.isDisposed) return 0;
    const heap = this.#isolate.getHeapStatisticsSync();
    return heap.used_heap_size + (heap.externally_allocated_size ?? 0);
  }

  /** No new context is made in here; the last one to leave closes the door. */
  retire(): void {
    this.#retired = true;
    if (this.#contexts === 0 && !this.#isolate.isDisposed) this.#isolate.dispose();
  }

  /** A context with the runtime and the plugin's module in it, ready to be called. Throws a `LoadFault`. */
  open(shared: boolean, timeoutMs: number): { context: GuestContext; exports: string } {
    this.#marker.enter(this.slot);
    try {
      const context = this.#isolate.createContextSync();
      // The one place where references are held: functions of our own runtime, taken before any plugin text exists in the context.
      const boot = this.#guest.runSync(context, { reference: true }) as ivm.Reference<(host: ivm.Callback) => Enter>;
      const enter = boot.applySync(undefined, [new ivm.Callback(createHostFunction(), { sync: true })], {
        result: { reference: true },
      });
      if (shared) enter.applySync(undefined, ['shared', '', '', '']);
      const module = this.#compile();
      module.instantiateSync(context, () => {
        throw new Error('imports are not resolved');
      });
      module.evaluateSync({ timeout: timeoutMs });
      const answer = enter.applySync(undefined, ['plugin', module.namespace.derefInto() as unknown as string, '', ''], {
        timeout: timeoutMs,
      });
      if (typeof answer !== 'string' || answer[0] !== '+') throw new LoadFault(JSON.parse(answer.slice(1)) as string);
      this.#contexts += 1;
      const guest = new GuestContext(this.#isolate, context, enter, this.#marker, this.slot, shared, () =>
        this.#left(),
      );
      return { context: guest, exports: answer.slice(1) };
    } catch (fault) {
      if (fault instanceof LoadFault) throw fault;
      throw new LoadFault(cleanPluginText(fault instanceof Error ? fault.message : 'the module could not be run'));
    }
  }

  #compile(): ivm.Module {
    const options = { filename: 'plugin.js' };
    if (this.#cachedData !== undefined) {
      return this.#isolate.compileModuleSync(this.#code, { ...options, cachedData: this.#cachedData });
    }
    const module = this.#isolate.compileModuleSync(this.#code, { ...options, produceCachedData: true });
    this.#cachedData = (module as ivm.Module & { cachedData?: ivm.ExternalCopy<ArrayBuffer> }).cachedData;
    return module;
  }

  #left(): void {
    this.#contexts -= 1;
    if (this.#retired) this.retire();
  }
}

type Enter = (operation: string, a: string, b: string, c: string) => string;

/** One realm of a plugin. Everything enters by `run` and leaves as its output. */
export class GuestContext {
  readonly slot: number;
  readonly #isolate: ivm.Isolate;
  readonly #context: ivm.Context;
  readonly #enter: ivm.Reference<Enter>;
  readonly #marker: RunMarker;
  readonly #onLeave: () => void;
  readonly #drainOptions: { timeout?: number };
  #closed = false;

  constructor(
    isolate: ivm.Isolate,
    context: ivm.Context,
    enter: ivm.Reference<Enter>,
    marker: RunMarker,
    slot: number,
    shared: boolean,
    onLeave: () => void,
  ) {
    this.#isolate = isolate;
    this.#context = context;
    this.#enter = enter;
    this.#marker = marker;
    this.slot = slot;
    this.#onLeave = onLeave;
    // The clock costs 3 µs an entry, which our own plugins in their shared context need not pay.
    this.#drainOptions = shared ? {} : { timeout: drainMs };
  }

  get closed(): boolean {
    return this.#closed;
  }

  run(operation: 'call' | 'deliver', a: string, b: string, c: string, timeoutMs: number): RunOutcome {
    if (this.#closed || this.#isolate.isDisposed)
      return { output: '', fault: { code: 'sandbox.crashed', detail: '' }, cpuNs: 0 };
    this.#marker.enter(this.slot);
    return this.#enterAndDrain(operation, [a, b, c], timeoutMs);
  }

  /** The microtasks an entry causes run before it returns, and its timeout covers them; so what it made can be drained after it. */
  #enterAndDrain(operation: 'call' | 'deliver', texts: [string, string, string], timeoutMs: number): RunOutcome {
    const isolate = this.#isolate;
    const cpuBefore = isolate.cpuTime;
    let noise = '';
    try {
      this.#enter.applySync(undefined, [operation, ...texts], { timeout: timeoutMs });
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : 'unknown';
      if (isolate.isDisposed) return { output: '', fault: { code: 'sandbox.out-of-memory', detail: '' }, cpuNs: 0 };
      if (message === 'Script execution timed out.') {
        const cpuNs = Number(isolate.cpuTime - cpuBefore);
        return { output: '', fault: { code: 'sandbox.timed-out', detail: '' }, cpuNs };
      }
      // An unhandled rejection surfaces here: the plugin's noise, worth a line in its log and nothing else.
      noise = cleanPluginText(message);
    }
    try {
      const output = this.#enter.applySync(undefined, ['drain', '', '', ''], this.#drainOptions);
      const cpuNs = Number(isolate.cpuTime - cpuBefore);
      const text = typeof output === 'string' ? output : '';
      if (noise === '') return { output: text, cpuNs };
      const line = `L0,0:${JSON.stringify(['error', `Unhandled rejection: ${noise}`])}`;
      return { output: text === '' ? line : `${text}\n${line}`, cpuNs };
    } catch {
      // The memory limit, or something that the plugin changed under our own few lines, such as a setter on a prototype.
      const code = isolate.isDisposed ? 'sandbox.out-of-memory' : 'sandbox.timed-out';
      return { output: '', fault: { code, detail: '' }, cpuNs: 0 };
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#isolate.isDisposed) {
      this.#enter.release();
      this.#context.release();
    }
    this.#onLeave();
  }
}
