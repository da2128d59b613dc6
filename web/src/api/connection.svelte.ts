/**
 * `silent`: lost for less than a moment, nothing is shown. `back`: it was shown as lost and has returned.
 * `offline`: the device says so, or many attempts failed; a Retry is offered.
 */
export type ConnectionState = 'connected' | 'silent' | 'reconnecting' | 'offline' | 'back';

export interface ConnectionDelays {
  silentMs: number;
  offlineMs: number;
  backMs: number;
}

/** What the strip above the composer tells about the socket. */
export class Connection {
  // Before the first connection nothing is shown either.
  #state = $state<ConnectionState>('silent');
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #delays: ConnectionDelays;

  constructor(delays: ConnectionDelays = { silentMs: 1_500, offlineMs: 12_000, backMs: 3_000 }) {
    this.#delays = delays;
  }

  get state(): ConnectionState {
    return this.#state;
  }
  /** Whether what is sent now would arrive. */
  get live(): boolean {
    return this.#state === 'connected' || this.#state === 'back';
  }

  up(): void {
    if (this.live) return;
    const wasShown = this.#state !== 'silent';
    this.#go(wasShown ? 'back' : 'connected');
    if (wasShown) this.#later(this.#delays.backMs, () => this.#go('connected'));
  }

  down(): void {
    // Each failed attempt says it again; what is under way goes on.
    const known = this.#state === 'reconnecting' || this.#state === 'offline';
    if (known || (!this.live && this.#timer !== undefined)) return;
    this.#go('silent');
    this.#later(this.#delays.silentMs, () => {
      if (!navigator.onLine) return this.#go('offline');
      this.#go('reconnecting');
      this.#later(this.#delays.offlineMs, () => this.#go('offline'));
    });
  }

  /** The device lost its network; no need to wait for attempts to fail. */
  deviceOffline(): void {
    if (!this.live) this.#go('offline');
  }

  /** Somebody pressed Retry. */
  retrying(): void {
    if (this.live) return;
    this.#go('reconnecting');
    this.#later(this.#delays.offlineMs, () => this.#go('offline'));
  }

  /** Closed on purpose: nothing is wrong. */
  rest(): void {
    this.#go('silent');
  }

  #go(state: ConnectionState): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#state = state;
  }

  #later(ms: number, act: () => void): void {
    this.#timer = setTimeout(act, ms);
  }
}
