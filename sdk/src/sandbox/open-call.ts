import type { CallMode } from './protocol.ts';
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
  firstPartAt: number | undefined;
  /** Of a filter: since when a piece waits for its answer. */
  waitingSince: number | undefined;
  /** Ends the host's own work for this call. */
  readonly controller: AbortController = new AbortController();
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
  onFiltered: (result: unknown) => void = () => {};
  onStarted: () => void = () => {};
  readonly #onEnd: (end: CallEnd) => void;

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

  /** Only the first end counts. */
  end(end: CallEnd): boolean {
    if (this.over) return false;
    this.over = true;
    this.controller.abort();
    this.#onEnd(end);
    return true;
  }

  failure(code: SandboxFailure['code'], detail?: string): SandboxFailure {
    return new SandboxFailure(code, this.record.key, detail);
  }
}
