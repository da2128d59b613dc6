const window = 200;

/** How a plugin's last calls went. */
export class CallStats {
  calls = 0;
  failures = 0;
  cpuMs = 0;
  #durations: number[] = [];

  record(durationMs: number, failed: boolean, cpuMs: number): void {
    this.#durations[this.calls % window] = durationMs;
    this.calls += 1;
    this.cpuMs += cpuMs;
    if (failed) this.failures += 1;
  }
  percentile(share: number): number {
    if (this.#durations.length === 0) return 0;
    const sorted = this.#durations.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  }
}
