import type { PluginOrder } from '../protocol.ts';
import { CallContext } from './call-context.ts';
import { PluginIsolate } from './isolate.ts';
import type { RunMarker } from './run-marker.ts';

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
    const { context, exports } = this.#open();
    if (this.order.shared) this.#shared = context;
    else this.#spare = context;
    return exports;
  }

  /** The shared context, or one that nobody was served by yet. */
  contextForCall(): CallContext {
    if (this.order.shared) return (this.#shared ??= this.#open().context);
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined && this.#isolate?.usable === true) return spare;
    return this.#open().context;
  }
  /** Prepares the next call's context while nobody waits. */
  prepare(): void {
    if (!this.order.shared && this.#spare === undefined && this.#isolate?.usable === true)
      this.#spare = this.#open().context;
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

  #open(): { context: CallContext; exports: string } {
    if (this.#isolate?.usable !== true) {
      this.#isolate = new PluginIsolate({
        slot: this.slot,
        code: this.#code,
        guestSource: this.#guestSource,
        memoryMb: this.order.limits.memoryMb,
        marker: this.#marker,
      });
    }
    const { context, exports } = this.#isolate.open(this.order.shared);
    return { context: new CallContext(context, this.order.shared), exports };
  }
}
