import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { FolderInUseError } from '../../../lib/folder-lock.ts';
import { clusterOf, databaseUrl, readClusterHome } from './cluster-home.ts';
import { readPostmaster } from './postmaster-file.ts';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './start-embedded-postgres.ts';

/** A core that has just taken its data folder needs a moment until its database is ready. */
const READY_WITHIN_MS = 30_000;

/**
 * For commands that only visit: uses the database of the Parley that runs on this data folder, else starts it for the
 * time of the visit. Stopping a shared one does nothing.
 */
export async function shareEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const end = Date.now() + READY_WITHIN_MS;
  for (;;) {
    // Started first: what a killed core left running is nobody's to share, and a start replaces it.
    try {
      return await startEmbeddedPostgres(options);
    } catch (error) {
      if (!(error instanceof FolderInUseError) || Date.now() > end) throw error;
    }
    const url = await findRunningPostgres(options.dataDir);
    if (url !== undefined) return { url, stop: async () => undefined };
    await pause(50);
  }
}

/** The address of a data folder's database if it accepts connections now. */
export async function findRunningPostgres(dataDir: string): Promise<string | undefined> {
  const home = await readClusterHome(dataDir);
  if (home === undefined) return undefined;
  const postmaster = await readPostmaster(clusterOf(home));
  if (!postmaster?.ready) return undefined;
  const url = databaseUrl(home, postmaster.port);
  // The note of a server that was killed stays behind, and its port may be somebody else's by now.
  return (await accepts(url)) ? url : undefined;
}

async function accepts(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    return true;
  } catch {
    // Whatever the reason, this is not a database that can be shared.
    return false;
  } finally {
    await client.end();
  }
}
