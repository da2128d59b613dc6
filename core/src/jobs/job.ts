/** Periodic work, declared by the module that needs it; run once per cluster unless `everyInstance`. */
export interface Job {
  name: string;
  everyMs: number;
  everyInstance?: boolean;
  run(signal: AbortSignal): Promise<void>;
}
