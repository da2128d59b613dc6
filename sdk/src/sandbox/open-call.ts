import type { CallMode, WireAnswer } from './protocol.ts';
import type { PluginRecord } from './plugin-record.ts';
import { SandboxFailure } from './sandbox-errors.ts';
import type { FilteredParts, HookCall } from './sandbox-host.ts';

export interface CallEnd {
  failure?: SandboxFailure;
  value?: unknown;
  cpuMs: number;
}

/** A call between its admission and its one end. */
export class OpenCall {
  readonly id: number;
  readonly mode: CallMode;
  readonly record: PluginRecord;
  readonly call: HookCall;
  readonly deadlineMs: number;
  readonly startedAt: number;
  lastActivity: number;
  /** Of a stream its first part, of a filter its start: what comes later takes as long as the reply. */
  firstAnswerAt: number | undefined;
  /** Of a filter: since when a piece waits for its answer. */
  waitingSince: number | undefined;
  hostCalls = 0;
  parts = 0;
  chars = 0;
  over = false;
  /** Of a filter: its run exists. */
  started = false;
  /** It has left for its worker. */
  sent = false;
  onParts: (parts: unknown[], filtered?: FilteredParts) => void = () => {};
  /** Of a stream: the filter that its worker feeds with its texts. */
  feeds: OpenCall | undefined;
  onFiltered: (answer: WireAnswer) => void = () => {};
  onStarted: () => void = () => {};
  /** Lets go of what this call listened to. */
  onOver: () => void = () => {};
  readonly #onEnd: (end: CallEnd) => void;
  #hostWork: AbortController | undefined;

  constructor(options: {
    id: number;
    mode: CallMode;
    record: PluginRecord;
    call: HookCall;
    now: number;
    onEnd(end: CallEnd): void;
  }) {
    this.id = options.id;
    this.mode = options.mode;
    this.record = options.record;
    this.call = options.call;
    const { limits } = options.record;
    this.deadlineMs = options.call.deadlineMs ?? (options.mode === 'stream' ? limits.idleMs : limits.wallMs);
    this.startedAt = options.now;
    this.lastActivity = options.now;
    this.#onEnd = options.onEnd;
  }

  /** Ends the host's own work for this call; most calls ask the host for nothing. */
  get signal(): AbortSignal {
    this.#hostWork ??= new AbortController();
    return this.#hostWork.signal;
  }

  /** Only the first end counts. */
  end(end: CallEnd): boolean {
    if (this.over) return false;
    this.over = true;
    this.onOver();
    this.#hostWork?.abort();
    this.#onEnd(end);
    return true;
  }

  failure(code: SandboxFailure['code'], detail?: string): SandboxFailure {
    return new SandboxFailure(code, this.record.key, detail);
  }
}
