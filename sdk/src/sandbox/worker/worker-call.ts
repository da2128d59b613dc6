import type { CallOrder } from '../protocol.ts';
import type { SandboxLimits } from '../limits.ts';
import type { CallContext } from './call-context.ts';
import type { CallFetch } from './call-fetch.ts';
import type { FedParts, HeldParts } from './fed-parts.ts';
import type { LoadedPlugin } from './loaded-plugin.ts';

/** One hook call while it lives in this worker, with what it has used of its budget. */
export class WorkerCall {
  readonly id: number;
  readonly order: CallOrder;
  readonly plugin: LoadedPlugin;
  readonly context: CallContext;
  readonly fetches: Map<number, CallFetch> = new Map();
  readonly asked: Set<number> = new Set();
  readonly hosts: Set<string> = new Set();
  readonly startedAt: number;
  lastActivity: number;
  hostCalls = 0;
  fetchCount = 0;
  logLines = 0;
  logBytes = 0;
  parts = 0;
  resultBytes = 0;
  readonly #cpuNsBefore: number;
  /** Of a filter: who waits for which of its answers, in order. */
  readonly filterAnswers: ('core' | HeldParts)[] = [];
  /** Of a filter: its end has been asked for. */
  isFinishing = false;
  /** Of a stream: its way out, once it has fed a filter. */
  fedParts: FedParts | undefined;
  /** Of a stream: whether it has come to a good end, as soon as it has said so. The first word counts, as it does in the core. */
  endsWell: boolean | undefined;

  constructor(id: number, order: CallOrder, plugin: LoadedPlugin, context: CallContext) {
    this.id = id;
    this.order = order;
    this.plugin = plugin;
    this.context = context;
    this.#cpuNsBefore = context.cpuNsEach;
    this.startedAt = performance.now();
    this.lastActivity = this.startedAt;
  }
  get limits(): SandboxLimits {
    return this.plugin.order.limits;
  }
  get #cpuNs(): number {
    return this.context.cpuNsEach - this.#cpuNsBefore;
  }
  get cpuMs(): number {
    return Math.round(this.#cpuNs / 1e6);
  }
  get hasUsedItsTime(): boolean {
    return this.#cpuNs > this.limits.cpuMs * 1e6;
  }
}
