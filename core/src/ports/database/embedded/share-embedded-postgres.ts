import { realpath } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
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
    try {
      return await startEmbeddedPostgres(options);
    } catch (error) {
      if (!(error instanceof FolderInUseError) || Date.now() > end) throw error;
    }
    const url = await runningUrl(options.dataDir);
    if (url !== undefined) return { url, stop: async () => undefined };
    await pause(50);
  }
}

async function runningUrl(dataDir: string): Promise<string | undefined> {
  const home = await readClusterHome(await realpath(dataDir));
  if (home === undefined) return undefined;
  const postmaster = await readPostmaster(clusterOf(home));
  if (!postmaster?.ready) return undefined;
  return databaseUrl(home, postmaster.port);
}
