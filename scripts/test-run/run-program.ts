import { spawn } from 'node:child_process';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runners bound each test themselves; this ends one that hangs outside of its tests. */
const DEADLINE_MS = 45 * 60_000;

/** Runs a program in a process group of its own and ends the whole group with it. Resolves to the exit code. */
export function runProgram(program: Program, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(program.command, program.args, {
      cwd: program.cwd,
      env: program.env ?? process.env,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: process.platform !== 'win32',
      shell: process.platform === 'win32',
    });
    const killGroup = () => {
      if (child.pid !== undefined) killQuietly(process.platform === 'win32' ? child.pid : -child.pid);
    };
    const deadline = setTimeout(() => {
      process.stderr.write(`parley: ${program.command} did not end in time and is killed\n`);
      killGroup();
    }, DEADLINE_MS);
    signal.addEventListener('abort', killGroup);
    const settle = () => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', killGroup);
      // Whatever it started and forgot goes too.
      killGroup();
    };
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('exit', (code) => {
      settle();
      resolve(code ?? 1);
    });
  });
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already, which is what was wanted; a group of ours cannot refuse the signal.
  }
}
