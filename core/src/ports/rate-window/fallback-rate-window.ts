import type { RateWindow } from './rate-window.ts';

export interface FallbackOptions {
  /** Shared by all instances. */
  first: RateWindow;
  /** Of this process; asked alone while `first` is away. */
  second: RateWindow;
  /** Told once when `first` is lost, with the reason, and once when it answers again. */
  onChange?: (isAway: boolean, error?: unknown) => void;
  /** Told of each decision that `second` made alone. */
  onFallback?: () => void;
  /** A `first` that does not answer in this time counts as away: a request must not wait for it. */
  withinMs?: number;
  /** After that it is left alone for so long, or each request would wait for it. */
  restMs?: number;
}

export interface FallbackRateWindow extends RateWindow {
  /** Asks `first` for nothing but its return; while it is away, that is otherwise noticed by the next who takes or looks. */
  probe(): Promise<void>;
}

const ANSWERS_WITHIN_MS = 500;
const REST_MS = 1_000;

/**
 * `second` always counts along, so nothing starts anew when `first` is lost, nor when it comes back and has forgotten: what
 * this process let through is limited by itself. The worst overrun, while `first` is away, is limit × instances.
 */
export function createFallbackRateWindow(options: FallbackOptions): FallbackRateWindow {
  const { first, second, onChange, onFallback, withinMs = ANSWERS_WITHIN_MS, restMs = REST_MS } = options;
  let restsUntilMs = 0;
  let isAway = false;

  async function askFirst<T>(ask: () => Promise<T>): Promise<T | undefined> {
    if (performance.now() < restsUntilMs) return undefined;
    try {
      const answer = await within(ask(), withinMs);
      if (isAway) {
        isAway = false;
        onChange?.(false);
      }
      return answer;
    } catch (error) {
      if (error instanceof NoAnswer) restsUntilMs = performance.now() + restMs;
      if (!isAway) {
        isAway = true;
        onChange?.(true, error);
      }
      return undefined;
    }
  }
  async function decide<T>(ask: () => Promise<T>): Promise<T | undefined> {
    const answer = await askFirst(ask);
    if (answer === undefined) onFallback?.();
    return answer;
  }

  return {
    async take(key, limit, windowMs) {
      const own = await second.look(key, limit, windowMs);
      if (own.remaining === 0) return { isTaken: false, ...own };
      const taken = await decide(() => first.take(key, limit, windowMs));
      if (taken?.isTaken === false) return taken;
      const counted = await second.take(key, limit, windowMs);
      return taken === undefined || !counted.isTaken ? counted : taken;
    },
    async look(key, limit, windowMs) {
      const own = await second.look(key, limit, windowMs);
      const shared = await decide(() => first.look(key, limit, windowMs));
      return shared === undefined || own.remaining < shared.remaining ? own : shared;
    },
    async probe() {
      await askFirst(() => first.look('return', 1, 1_000));
    },
  };
}

class NoAnswer extends Error {}

async function within<T>(answer: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const refuse = () => late.reject(new NoAnswer(`no answer within ${ms} ms`));
  // A process that was busy for so long hears its timers before it reads what has come meanwhile.
  const timer = setTimeout(() => setImmediate(refuse), ms);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
