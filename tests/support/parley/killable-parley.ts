import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastingPort } from '@parley/core/testing';
import type { ChildOrder } from './parley-child.ts';

export interface KillableParley {
  url: string;
  start(): Promise<void>;
  /** SIGKILL: nothing of it runs any more when this returns. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const entry = fileURLToPath(new URL('./parley-child.ts', import.meta.url));

/** What `start` says when somebody killed it before it was ready. */
export class KilledWhileStarting extends Error {}

/** A Parley on a given database that can be killed, while it starts too, and started again at the same address. */
export async function killableParley(
  databaseUrl: string,
  redisUrl?: string,
  pluginsFolder?: string,
): Promise<KillableParley> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-killable-'));
  const port = await lastingPort();
  const order: ChildOrder = { databaseUrl, dataDir, port, redisUrl, pluginsFolder };
  let running: ChildProcess | undefined;
  // Loads its code while the one before it still runs: a second of each start that has nothing to do with it.
  let next = forkChild();
  let starting: Promise<void> = Promise.resolve();

  async function start(): Promise<void> {
    const child = next;
    running = child;
    const failed = once(child, 'exit').then(([code, signal]) => {
      if (signal === 'SIGKILL') throw new KilledWhileStarting();
      throw new Error(`Parley ended with ${code} before it was ready`);
    });
    child.send(order);
    try {
      await Promise.race([once(child, 'message'), failed]);
    } finally {
      next = forkChild();
    }
    failed.catch(() => {
      // From here on an exit is what the test wants.
    });
  }

  async function kill(): Promise<void> {
    if (running !== undefined) await end(running);
    running = undefined;
  }

  return {
    url: `http://127.0.0.1:${port}`,
    start() {
      starting = start();
      return starting;
    },
    kill,
    async stop() {
      await kill();
      // Whoever started it hears of it; here it matters only that nothing is forked any more.
      await Promise.allSettled([starting]);
      await end(next);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function forkChild(): ChildProcess {
  return fork(entry, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
