import type { PluginOrder } from '../protocol.ts';
import { CallContext } from './call-context.ts';
import { LoadFault, PluginIsolate } from './isolate.ts';
import type { RunMarker } from './run-marker.ts';

/** First runs compile and warm up; a plugin gets this long once, and its slice afterwards. */
const loadMs = 2_000;

/** A plugin version in this worker: its engine instance, and the context that the next call gets. */
export class LoadedPlugin {
  readonly slot: number;
  readonly order: PluginOrder;
  readonly #code: string;
  readonly #guestSource: string;
  readonly #marker: RunMarker;
  #isolate: PluginIsolate | undefined;
  #shared: CallContext | undefined;
  #spare: CallContext | undefined;

  constructor(slot: number, order: PluginOrder, code: string, guestSource: string, marker: RunMarker) {
    this.slot = slot;
    this.order = order;
    this.#code = code;
    this.#guestSource = guestSource;
    this.#marker = marker;
  }

  /** Runs the module once and says what it exports. */
  load(): string {
    const { context, exports } = this.#open(loadMs);
    if (this.order.shared) this.#shared = context;
    else this.#spare = context;
    return exports;
  }

  /** The shared context, or one that nobody was served by yet. */
  contextForCall(): CallContext {
    if (this.order.shared) return (this.#shared ??= this.#open(this.order.limits.sliceMs).context);
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined && this.#isolate?.usable === true) return spare;
    return this.#open(this.order.limits.sliceMs).context;
  }
  /** Prepares the next call's context while nobody waits. What goes wrong here goes wrong again, and is told, when a call needs one. */
  prepare(): void {
    if (this.order.shared || this.#spare !== undefined || this.#isolate?.usable !== true) return;
    try {
      this.#spare = this.#open(this.order.limits.sliceMs).context;
    } catch (fault) {
      if (!(fault instanceof LoadFault)) throw fault;
    }
  }

  /** An entry had to be cut off: what it left half done must not meet another call. */
  abandon(context: CallContext): void {
    if (this.#shared === context) this.#shared = undefined;
    this.#spare?.close();
    this.#spare = undefined;
    this.#isolate?.retire();
    this.#isolate = undefined;
  }

  get memoryBytes(): number {
    return this.#isolate?.memoryBytes ?? 0;
  }
  unload(): void {
    this.#shared?.close();
    this.#spare?.close();
    this.#shared = undefined;
    this.#spare = undefined;
    this.#isolate?.retire();
    this.#isolate = undefined;
  }

  #open(timeoutMs: number): { context: CallContext; exports: string } {
    if (this.#isolate?.usable !== true) {
      this.#isolate = new PluginIsolate({
        slot: this.slot,
        code: this.#code,
        guestSource: this.#guestSource,
        memoryMb: this.order.limits.memoryMb,
        marker: this.#marker,
      });
    }
    const { context, exports } = this.#isolate.open(this.order.shared, timeoutMs);
    return { context: new CallContext(context, this.order.shared), exports };
  }
}
