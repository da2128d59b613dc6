import { loadWorkerBundle } from './bundle/worker-bundle.ts';
import { WorkerProcess } from './worker-process.ts';

/** Keeps one started worker of each kind that was ever asked for, so that the call after a kill does not wait for a process to start. */
export class WorkerPool {
  readonly #now: () => number;
  readonly #spares: Map<boolean, Promise<WorkerProcess>> = new Map();
  #stopped = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  async take(jitless: boolean): Promise<WorkerProcess> {
    const waiting = this.#spares.get(jitless);
    // Taken out before waiting: two seats that ask at once must never get the same process.
    this.#spares.delete(jitless);
    const spare = await waiting?.catch(() => undefined);
    const worker = spare?.alive === true ? spare : await this.#start(jitless);
    this.prepare(jitless);
    return worker;
  }

  prepare(jitless: boolean): void {
    if (this.#stopped || this.#spares.has(jitless)) return;
    const spare = this.#start(jitless);
    // A spare that fails to start is tried again by whoever needs it, and then the failure is seen.
    spare.catch(() => this.#spares.delete(jitless));
    this.#spares.set(jitless, spare);
  }

  spares(): Promise<WorkerProcess>[] {
    return [...this.#spares.values()];
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const spares = [...this.#spares.values()];
    this.#spares.clear();
    for (const spare of spares) {
      const worker = await spare.catch(() => undefined);
      worker?.kill('stop');
    }
  }

  async #start(jitless: boolean): Promise<WorkerProcess> {
    const bundle = await loadWorkerBundle();
    // Every worker comes through here, so that none is born once the end has begun.
    if (this.#stopped) throw new Error('the sandbox stops');
    const worker = new WorkerProcess(bundle, { jitless, now: this.#now() });
    await worker.ready;
    // Only now: a process that has nothing else to do yet must not end while its first worker starts.
    worker.unref();
    return worker;
  }
}
