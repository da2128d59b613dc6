import { readFile } from 'node:fs/promises';
import { errorCode } from './error-code.ts';

/** Names one process for good: a pid alone is handed out again after its owner has died. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to the process's start, and the boot itself. Absent where there is no /proc. */
  readonly startedAt?: string;
}

export async function identityOf(pid: number): Promise<ProcessIdentity> {
  const startedAt = await startOf(pid);
  return startedAt === undefined ? { pid } : { pid, startedAt };
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  if (!answersSignals(identity.pid)) return false;
  const startedAt = await startOf(identity.pid);
  if (startedAt === 'zombie') return false;
  // Without /proc on either side the pid is all there is to compare.
  if (startedAt === undefined || identity.startedAt === undefined) return true;
  return startedAt === identity.startedAt;
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    return errorCode(error) === 'EPERM';
  }
}

async function startOf(pid: number): Promise<string | undefined> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // The second field is the program's name in brackets and may hold blanks: count from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return 'zombie';
    return `${boot.trim()}/${fields[19]}`;
  } catch (error) {
    // No /proc on this system, or the process has just gone; the caller has asked by signal already.
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') return undefined;
    throw error;
  }
}
