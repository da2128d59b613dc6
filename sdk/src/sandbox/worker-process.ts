import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { LoadedBundle, WorkerBundle } from './bundle/worker-bundle.ts';
import { encodeFrame, FrameReader, ProtocolViolation } from './framing.ts';
import { MarkerFile } from './marker-file.ts';
import { cleanPluginText } from './plugin-text.ts';
import { readRssBytes, readCpuMs } from './process-usage.ts';
import { type CoreMessage, readWorkerFrame, type WorkerMessage } from './protocol.ts';

/**
 * Addresses that are only reserved count too: a bare worker has 1 to 2 GB of them, and each isolate with a compiler reserves 0.5 GB
 * for its code. So the narrow limit is for workers without one, which hold a single foreign plugin; for the others it stops runaways
 * only, and what they really use is watched by the core.
 */
const addressSpaceKb = { jitless: 2_500_000, jit: 64_000_000 };
const backgroundPriority = 5;
/** One per upstream connection, and a few dozen of Node's own. */
const openFiles = 4096;

export interface WorkerExit {
  /** Set when it was us. */
  killedFor: KillReason | undefined;
  /** The slot inside the engine at the end, and whether the engine itself gave up there. */
  running: number | undefined;
  catastrophe: boolean;
  signal: NodeJS.Signals | null;
  code: number | null;
  stderr: string;
}
export type KillReason = 'stuck' | 'memory' | 'protocol' | 'stop';

/** One child process that runs plugins: started without anything of ours but its code, and killed, never asked to end. */
export class WorkerProcess {
  readonly jitless: boolean;
  readonly startedAt: number;
  readonly ready: Promise<void>;
  onMessages: (messages: WorkerMessage[]) => void = () => {};
  onExit: (exit: WorkerExit) => void = () => {};
  rssBytes = 0;
  alive = true;
  exit: WorkerExit | undefined;
  readonly #child: ChildProcess;
  readonly #pipe: Socket;
  readonly #marker: MarkerFile;
  #waiting: string[] = [];
  #scheduled = false;
  #killedFor: KillReason | undefined;
  #stderr = '';

  constructor(bundle: LoadedBundle, options: { jitless: boolean; now: number }) {
    this.jitless = options.jitless;
    this.startedAt = options.now;
    this.#marker = new MarkerFile();
    const [file, args] = commandFor(bundle, options.jitless);
    this.#child = spawn(file, args, {
      env: {},
      cwd: '/',
      stdio: ['pipe', 'ignore', 'pipe', 'pipe', this.#marker.descriptor],
    });
    this.#pipe = this.#child.stdio[3] as Socket;
    this.ready = this.#listen();
    // Whoever waits for it sees the failure; the exit is told to everybody else.
    this.ready.catch(() => {});
    // Read before anything else: without its code the process is an empty shell.
    const input = this.#child.stdin as Writable;
    input.on('error', () => this.kill('protocol'));
    input.end(bundle.text);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Foreign code gets the processor after us: a loop in a plugin must not slow the core on a machine with few cores. */
  yieldToOthers(): void {
    try {
      setPriority(this.pid, backgroundPriority);
    } catch (fault) {
      // It has just ended, or the system does not allow it; it is a courtesy and not a limit.
      if (!(fault instanceof Error)) throw fault;
    }
  }

  send(message: CoreMessage): void {
    this.#waiting.push(JSON.stringify(message));
    if (this.#scheduled) return;
    // All that one turn of the event loop has for this worker shares a frame.
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const messages = this.#waiting;
      this.#waiting = [];
      if (this.alive) this.#pipe.write(encodeFrame(`[${messages.join(',')}]`));
    });
  }

  kill(reason: KillReason): void {
    if (!this.alive || this.#killedFor !== undefined) return;
    this.#killedFor = reason;
    this.#child.kill('SIGKILL');
    // Nothing survives it, so nobody waits for the exit: a call made right now must not go to a process that is going down.
    this.#over(null, 'SIGKILL');
  }

  measure(): void {
    if (this.alive && this.pid > 0) this.rssBytes = readRssBytes(this.pid) ?? this.rssBytes;
  }
  /** The worker's own word, for systems without /proc. */
  reportedRss(bytes: number): void {
    if (readRssBytes(this.pid) === undefined) this.rssBytes = bytes;
  }
  cpuMs(): number | undefined {
    return readCpuMs(this.pid);
  }

  /** Keeps the process that started us from waiting for this one. */
  unref(): void {
    this.#child.unref();
    this.#pipe.unref();
    (this.#child.stderr as Socket | null)?.unref();
    (this.#child.stdin as Socket | null)?.unref();
  }

  #listen(): Promise<void> {
    const frames = new FrameReader();
    return new Promise((resolve, reject) => {
      this.#pipe.on('data', (chunk: Buffer) => {
        for (const messages of this.#read(frames, chunk)) {
          if (messages[0]?.[0] === 'ready') resolve();
          if (this.alive) this.onMessages(messages);
        }
      });
      // The exit tells the whole story; a broken pipe is only its first sign.
      this.#pipe.on('error', () => {});
      this.#child.stderr?.on('data', (chunk: Buffer) => {
        this.#stderr = (this.#stderr + chunk.toString()).slice(-4000);
      });
      this.#child.on('error', (error) => {
        reject(error);
        this.#over(null, null);
      });
      this.#child.on('exit', (code, signal) => {
        reject(new Error(`the worker ended before it was ready: ${this.#stderr.slice(-500)}`));
        this.#over(code, signal);
      });
    });
  }

  /** A worker that breaks the protocol may be under a plugin's control: nothing more is read from it. */
  #read(frames: FrameReader, chunk: Buffer): WorkerMessage[][] {
    try {
      return frames.push(chunk).map(readWorkerFrame);
    } catch (violation) {
      if (!(violation instanceof ProtocolViolation)) throw violation;
      this.#pipe.pause();
      this.kill('protocol');
      return [];
    }
  }

  #over(code: number | null, signal: NodeJS.Signals | null): void {
    if (!this.alive) return;
    this.alive = false;
    const { slot, catastrophe } = this.#marker.read();
    this.#marker.close();
    this.#pipe.destroy();
    this.exit = {
      killedFor: this.#killedFor,
      running: slot,
      catastrophe,
      signal,
      code,
      stderr: cleanPluginText(this.#stderr),
    };
    this.onExit(this.exit);
  }
}

function commandFor(bundle: WorkerBundle, jitless: boolean): [file: string, args: string[]] {
  const boot = fileURLToPath(new URL('./worker/boot.mjs', import.meta.url));
  const readable = [boot, ...bundle.readable, '/etc/alpine-release'];
  const node = [
    '--permission',
    '--allow-addons',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    '--no-warnings',
    // The heaps in here are small: helpers that clean them side by side cost more than they save.
    '--no-parallel-scavenge',
    // What is read from a network is short-lived, and large beside its handle: with the usual 32 MB a full collection comes before a
    // small one has set it free, twelve times a second while replies stream, and 120 MB are kept for nothing.
    '--max-semi-space-size=2',
    ...(jitless ? ['--jitless'] : []),
    boot,
  ];
  if (!existsSync('/bin/sh')) return [process.execPath, node];
  // Each limit alone: a system whose hard limit is lower keeps its own.
  const limits = [`-c 0`, `-v ${jitless ? addressSpaceKb.jitless : addressSpaceKb.jit}`, `-n ${openFiles}`]
    .map((limit) => `ulimit ${limit} 2>/dev/null;`)
    .join(' ');
  return ['/bin/sh', ['-c', `${limits} exec "$0" "$@"`, process.execPath, ...node]];
}
