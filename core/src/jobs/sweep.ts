/** What every instance does for itself, again and again; safe beside the same on the others. */
export interface Sweep {
  name: string;
  everyMs: number;
  run(signal: AbortSignal): Promise<void>;
}
