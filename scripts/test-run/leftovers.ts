import { readFile, readdir, readlink } from 'node:fs/promises';

/**
 * Kills what still runs for a test run: tests that were killed themselves cannot clean up after them. Such processes
 * are known by the run's temporary folder, which they work in or carry in their environment. Only where /proc is.
 */
export async function killLeftovers(runFolder: string): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const left: number[] = [];
  for (const pid of pids) {
    if (!(await belongsTo(pid, runFolder))) continue;
    try {
      process.kill(pid, 'SIGKILL');
      left.push(pid);
    } catch {
      // Ended between the two looks.
    }
  }
  return left;
}

async function belongsTo(pid: number, runFolder: string): Promise<boolean> {
  // Processes of other users, and those that have just ended, cannot be read and are not ours.
  const [cwd, environment] = await Promise.all([
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
    readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''),
  ]);
  return cwd.startsWith(runFolder) || environment.split('\0').includes(`TMPDIR=${runFolder}`);
}
