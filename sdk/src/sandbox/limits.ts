/** Milliseconds, bytes and counts that one plugin call may use. Enforced in the worker and, a little later, in the core. */
export interface SandboxLimits {
  /** Longest stay inside the isolate per entry, by the wall clock: short for a loop, long enough for honest work on a busy machine. */
  sliceMs: number;
  /** Sum of CPU over one call (for streams: over the whole stream). */
  cpuMs: number;
  /** Wall clock of a call that is not a stream. */
  wallMs: number;
  /** Longest silence of a stream. */
  idleMs: number;
  memoryMb: number;
  /** RSS of a worker process above which it is killed. */
  workerRssMb: number;
  resultBytes: number;
  hostCalls: number;
  hostCallsInFlight: number;
  argumentBytes: number;
  fetches: number;
  distinctHosts: number;
  responseBytes: number;
  logLines: number;
  logBytes: number;
  emittedParts: number;
}

export const defaultLimits: SandboxLimits = {
  sliceMs: 500,
  cpuMs: 30_000,
  wallMs: 10_000,
  idleMs: 120_000,
  memoryMb: 64,
  workerRssMb: 512,
  resultBytes: 4_000_000,
  hostCalls: 200,
  hostCallsInFlight: 16,
  argumentBytes: 1_000_000,
  fetches: 20,
  distinctHosts: 5,
  responseBytes: 64_000_000,
  logLines: 100,
  logBytes: 50_000,
  emittedParts: 500_000,
};
