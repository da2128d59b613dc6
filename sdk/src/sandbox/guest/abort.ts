import { DOMException } from './dom-exception.ts';
import { Event, EventTarget } from './events.ts';
import { startTimer } from './timers.ts';
import type { GuestCall } from './guest-call.ts';

const insideOnly = Symbol('inside only');

export class AbortSignal extends EventTarget {
  #aborted = false;
  #reason: unknown = undefined;
  onabort: ((event: Event) => void) | null = null;
  /** The hook call this signal belongs to: in a context that serves many calls, a fetch finds its call by it. */
  #call: GuestCall | undefined;

  constructor(key?: symbol) {
    super();
    if (key !== insideOnly) throw new TypeError('Illegal constructor');
  }

  get aborted(): boolean {
    return this.#aborted;
  }
  get reason(): unknown {
    return this.#reason;
  }
  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  static callOf(signal: AbortSignal): GuestCall | undefined {
    return signal.#call;
  }
  static setCall(signal: AbortSignal, call: GuestCall | undefined): void {
    signal.#call = call;
  }
  static fire(signal: AbortSignal, reason: unknown): void {
    if (signal.#aborted) return;
    signal.#aborted = true;
    signal.#reason = reason === undefined ? new DOMException('This operation was aborted', 'AbortError') : reason;
    const event = new Event('abort');
    signal.onabort?.(event);
    signal.dispatchEvent(event);
  }

  static abort(reason?: unknown): AbortSignal {
    const signal = new AbortSignal(insideOnly);
    AbortSignal.fire(signal, reason);
    return signal;
  }
  static timeout(milliseconds: number): AbortSignal {
    const signal = new AbortSignal(insideOnly);
    startTimer(
      () => AbortSignal.fire(signal, new DOMException('The operation timed out', 'TimeoutError')),
      milliseconds,
      false,
    );
    return signal;
  }
  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const result = new AbortSignal(insideOnly);
    for (const source of signals) {
      result.#call ??= source.#call;
      if (source.#aborted) AbortSignal.fire(result, source.#reason);
      else source.addEventListener('abort', () => AbortSignal.fire(result, source.#reason), { once: true });
    }
    return result;
  }
}

export class AbortController {
  readonly signal: AbortSignal;
  constructor() {
    this.signal = new AbortSignal(insideOnly);
  }
  abort(reason?: unknown): void {
    AbortSignal.fire(this.signal, reason);
  }
}
