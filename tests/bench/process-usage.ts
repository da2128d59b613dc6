import { readdirSync, readFileSync } from 'node:fs';

/** Ticks a second in /proc (USER_HZ); 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

export interface Usage {
  cpuMs: number;
  rssBytes: number;
}

/** CPU so far and resident memory of a process and all below it, those whose command matches `except` and their children left out. */
export function usageOfTree(root: number, except: RegExp): Usage {
  const parents = new Map<number, number[]>();
  for (const pid of readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)) {
    const parent = parentOf(pid);
    if (parent !== null) parents.set(parent, [...(parents.get(parent) ?? []), pid]);
  }
  const total: Usage = { cpuMs: 0, rssBytes: 0 };
  const visit = (pid: number) => {
    const one = usageOf(pid);
    if (one === null || except.test(one.command)) return;
    total.cpuMs += one.cpuMs;
    total.rssBytes += one.rssBytes;
    for (const child of parents.get(pid) ?? []) visit(child);
  };
  visit(root);
  return total;
}

/** Of one process alone; null when it is gone. */
export function usageOf(pid: number): (Usage & { command: string }) | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const command = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    command,
    cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond,
    rssBytes: Number(fields[21]) * 4096,
  };
}

function parentOf(pid: number): number | null {
  const stat = read(`/proc/${pid}/stat`);
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // The process ended between listing and reading.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ESRCH')
      return null;
    throw error;
  }
}
