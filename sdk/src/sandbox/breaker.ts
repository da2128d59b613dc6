const failuresToOpen = 5;
const failureWindowMs = 60_000;
const restMs = 30_000;
const deathsToDisable = 3;
const deathWindowMs = 60 * 60_000;

/**
 * Whether a plugin may be called. Five failures in a minute rest it for half a minute; then one call tries, and its outcome decides.
 * Three deaths of its worker in an hour disable it until somebody revives it.
 */
export class Breaker {
  #failures: number[] = [];
  #deaths: number[] = [];
  #restingUntil = 0;
  #trying = false;
  #disabled = false;

  get disabled(): boolean {
    return this.#disabled;
  }
  restingUntil(now: number): number | undefined {
    return this.#restingUntil > now ? this.#restingUntil : undefined;
  }

  /** Asks for one call. After a rest only one is let through at a time. */
  admit(now: number): 'go' | 'resting' | 'disabled' {
    if (this.#disabled) return 'disabled';
    if (this.#restingUntil === 0) return 'go';
    if (now < this.#restingUntil || this.#trying) return 'resting';
    this.#trying = true;
    return 'go';
  }
  /** The trial ended without saying anything about the plugin, such as by an abort. */
  passed(): void {
    this.#trying = false;
  }
  /** True when this closes the breaker. */
  succeeded(now: number): boolean {
    // A call that began before the rest says nothing about now.
    if (this.#restingUntil === 0 || now < this.#restingUntil) return false;
    this.#restingUntil = 0;
    this.#trying = false;
    this.#failures = [];
    return true;
  }
  /** True when this opens the breaker. */
  failed(now: number): boolean {
    this.#failures = [...this.#failures.filter((at) => at > now - failureWindowMs), now];
    const wasTrying = this.#trying;
    this.#trying = false;
    if (!wasTrying && (this.#restingUntil > now || this.#failures.length < failuresToOpen)) return false;
    this.#restingUntil = now + restMs;
    return true;
  }
  /** True when this disables the plugin. */
  died(now: number): boolean {
    this.#deaths = [...this.#deaths.filter((at) => at > now - deathWindowMs), now];
    if (this.#disabled || this.#deaths.length < deathsToDisable) return false;
    this.#disabled = true;
    return true;
  }
  revive(): void {
    this.#failures = [];
    this.#deaths = [];
    this.#restingUntil = 0;
    this.#trying = false;
    this.#disabled = false;
  }
}
