import type { Config } from '../config/config.ts';
import { shareEmbeddedPostgres } from '../ports/database/embedded/index.ts';

export interface ReachedDatabase {
  url: string;
  /** Stops what was started for this command only. */
  release(): Promise<void>;
}

/** The database of this installation: the one named, the one a running Parley has started, or started for the moment. */
export async function reachDatabase(config: Config, log: (line: string) => void): Promise<ReachedDatabase> {
  if (config.databaseUrl !== null) return { url: config.databaseUrl, release: async () => {} };
  const { url, stop } = await shareEmbeddedPostgres({ dataDir: config.dataDir, log });
  return { url, release: stop };
}
