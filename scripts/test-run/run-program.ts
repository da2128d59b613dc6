import { spawn } from 'node:child_process';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runners bound each test themselves; this ends one that hangs outside of its tests. */
const DEADLINE_MS = 45 * 60_000;

/**
 * Runs a program in a process group of its own and ends the whole group with it. Resolves to the exit code. With
 * `listen` it hears what the program writes; otherwise that goes where our own words go.
 */
export function runProgram(program: Program, signal: AbortSignal, listen?: (text: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const output = listen === undefined ? 'inherit' : 'pipe';
    const child = spawn(program.command, program.args, {
      cwd: program.cwd,
      env: program.env ?? process.env,
      stdio: ['ignore', output, output],
      detached: process.platform !== 'win32',
      shell: process.platform === 'win32',
    });
    if (listen !== undefined) {
      child.stdout?.setEncoding('utf8').on('data', listen);
      child.stderr?.setEncoding('utf8').on('data', listen);
    }
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
    // What it wrote may still be on its way when it ends; a child it forgot must not keep us waiting for more.
    child.once('exit', settle);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already, which is what was wanted; a group of ours cannot refuse the signal.
  }
}
