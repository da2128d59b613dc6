import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** One of the bench's processes; it sends one message once it listens. */
export interface Child<T> {
  pid: number;
  hello: T;
  ask<R>(message: unknown): Promise<R>;
}

const running = new Set<ChildProcess>();

export function startChild<T>(file: string, args: string[] = [], flags: string[] = []): Promise<Child<T>> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(path, args, {
    execArgv: [...process.execArgv, ...flags],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code} before it was ready`)));
    child.once('message', (hello) =>
      resolve({ pid: child.pid!, hello: hello as T, ask: (message) => ask(child, message) }),
    );
  });
}

/** Resolves when all have ended, whatever they had to stop themselves. */
export async function stopChildren(): Promise<void> {
  const ends = [...running].map((child) => once(child, 'exit'));
  for (const child of running) if (child.connected) child.disconnect();
  await Promise.all(ends);
}

function ask<R>(child: ChildProcess, message: unknown): Promise<R> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error('a process of the bench died'));
    child.once('exit', onExit);
    child.once('message', (answer) => {
      child.off('exit', onExit);
      resolve(answer as R);
    });
    child.send(message as object);
  });
}
