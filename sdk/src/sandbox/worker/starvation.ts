/** More than this the limits are not stretched: the core's patience ends somewhere. */
const maxFactor = 8;

/**
 * How much slower the clock on the wall runs for this process than its processor time, because others have the processor. Slices are
 * measured by the wall (the engine offers nothing else); on an overloaded machine they would end honest work.
 */
export class Starvation {
  factor = 1;
  #last = performance.now();
  #cpu = process.cpuUsage();

  /** Called by a timer of `periodMs`: late without having computed means it was not let. */
  observe(periodMs: number): void {
    const now = performance.now();
    const used = process.cpuUsage(this.#cpu);
    const cpuMs = (used.user + used.system) / 1000;
    const observed = (now - this.#last) / Math.max(periodMs, cpuMs);
    // Up at once, down slowly: load comes in bursts.
    this.factor = Math.min(maxFactor, Math.max(1, observed, this.factor * 0.95));
    this.#last = now;
    this.#cpu = process.cpuUsage();
  }
}
