import type { SandboxLimits } from '../sandbox/index.ts';

/** For plugins of tests that come to an end by themselves, in a process that others may hold up for seconds. */
export const unhurried: Partial<SandboxLimits> = { sliceMs: 5_000, wallMs: 60_000 };
