import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import type { Config } from '../config/config.ts';
import { errorCode } from '../lib/error-code.ts';
import { startEmbeddedPostgres } from '../ports/database/embedded/index.ts';
import { readPostmaster } from '../ports/database/embedded/postmaster-file.ts';

export interface ReachedDatabase {
  url: string;
  /** Stops what was started for this command only. */
  release(): Promise<void>;
}

/** The database of this installation: the one named, the one a running Parley has started, or started for the moment. */
export async function reachDatabase(config: Config, log: (line: string) => void): Promise<ReachedDatabase> {
  if (config.databaseUrl !== null) return { url: config.databaseUrl, release: async () => {} };
  const running = await runningDatabase(config.dataDir);
  if (running !== null) return { url: running, release: async () => {} };
  const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, log });
  return { url: postgres.url, release: () => postgres.stop() };
}

/** The address of the embedded database if it accepts connections now. */
export async function runningDatabase(dataDir: string): Promise<string | null> {
  const home = await readHome(dataDir);
  if (home === null) return null;
  const postmaster = await readPostmaster(join(resolve(dataDir, home.folder), 'cluster'));
  if (postmaster === undefined || !postmaster.ready) return null;
  const url = `postgres://parley:${home.password}@127.0.0.1:${postmaster.port}/parley`;
  // The note of a server that was killed stays behind, and its port may be somebody else's by now.
  return (await accepts(url)) ? url : null;
}

async function readHome(dataDir: string): Promise<{ folder: string; password: string } | null> {
  try {
    return JSON.parse(await readFile(join(dataDir, 'database.json'), 'utf8')) as { folder: string; password: string };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function accepts(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    return true;
  } catch {
    // Whatever the reason, this is not a database we can use; the caller starts one and hears why if that fails too.
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
