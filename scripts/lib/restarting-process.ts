import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface RestartingProcess {
  /** Ends the running one, if any, in its own good time and then starts a new one. Calls on top of each other join. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A child that is replaced on demand. One that ended by itself (an error in the code) waits for the next change. */
export function restartingProcess(command: string, args: readonly string[], env: NodeJS.ProcessEnv): RestartingProcess {
  let child: ChildProcess | undefined;
  let queue = Promise.resolve();
  let waiting = false;

  async function end(): Promise<void> {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGTERM');
    await ended;
  }

  return {
    restart() {
      if (waiting) return queue;
      waiting = true;
      queue = queue.then(async () => {
        waiting = false;
        await end();
        child = spawn(command, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
        child.on('exit', (code) => {
          if (code !== null && code !== 0) process.stderr.write('parley: the core ended; waiting for a change\n');
        });
      });
      return queue;
    },
    async stop() {
      await queue;
      await end();
    },
  };
}
