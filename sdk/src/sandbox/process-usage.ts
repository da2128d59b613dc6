import { readFileSync } from 'node:fs';

const pageBytes = 4096;
/** `sysconf(_SC_CLK_TCK)` is 100 on every Linux that Node runs on. */
const tickMs = 10;

/** Undefined where there is no /proc, or the process is gone; the worker's own report serves then. */
export function readRssBytes(pid: number): number | undefined {
  const fields = readProc(pid, 'statm')?.split(' ');
  const pages = Number(fields?.[1]);
  return Number.isFinite(pages) ? pages * pageBytes : undefined;
}

/** User and system time of all threads. */
export function readCpuMs(pid: number): number | undefined {
  // The name in the second field may hold spaces and brackets.
  const fields = readProc(pid, 'stat')
    ?.replace(/^.*\) /s, '')
    .split(' ');
  const ticks = Number(fields?.[11]) + Number(fields?.[12]);
  return Number.isFinite(ticks) ? ticks * tickMs : undefined;
}

function readProc(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return undefined;
  }
}
