import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { identityOf, isAlive } from '../../../lib/process-identity.ts';

export async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  // A server that is killed under us ends the connection, which is no news to these tests.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A process of its own with the embedded PostgreSQL in it, which can be killed. `uid`: as another user (from root). */
export async function startInProcess(dataDir: string, uid?: number) {
  if (uid !== undefined) {
    await mkdir(dataDir, { recursive: true });
    await chown(dataDir, uid, uid);
  }
  const module = new URL('./index.ts', import.meta.url).href;
  const code = `
    import { startEmbeddedPostgres } from ${JSON.stringify(module)};
    const { url, stop } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log: () => {} });
    process.on('SIGTERM', () => stop().then(() => process.exit(0)));
    setInterval(() => {}, 1000);
    console.log(url);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
    uid,
    gid: uid,
  });
  const [url] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'exit').then(() => {
      throw new Error('the process ended before its database was ready');
    }),
  ]);
  const stop = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  return { url: String(url), pid: child.pid ?? 0, stop };
}

/** Returns when the process is really gone; a signal is only a wish. */
export async function killed(pid: number): Promise<void> {
  const identity = await identityOf(pid);
  while (await isAlive(identity)) await pause(10);
}
