import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import type { Pool } from 'pg';
import { entities } from './entities.ts';
import { migrations } from './migrations/index.ts';

export interface Database {
  readonly orm: MikroORM;
  /** The one pool of connections, shared with the ORM. For hot paths in plain SQL. */
  readonly pool: Pool;
  /** A fresh unit of work; never shared between requests. */
  em(): EntityManager;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  poolSize?: number;
  /** Told of connections that were lost while nobody used them. */
  onIdleError?: (error: Error) => void;
}

/**
 * A request that finds no connection in this time is told that the database is not reachable. The pool counts waiting for a free one
 * as well, so it is longer than a rush of a thousand messages at once takes.
 */
const CONNECT_WITHIN_MS = 15_000;
/**
 * A connection that has to be opened, and its statements planned, costs more than what the first request asks of it; where people come
 * in rushes, all of them would be opened at once.
 */
const IDLE_MS = 10 * 60_000;

/**
 * More would not be quicker: a process has no more to ask at once, and where the database is on the same machine its sessions take
 * the processors from each other and from us. With 20 a message sent in a rush waited twice as long for its first word.
 */
const CONNECTIONS = 8;

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const orm = await MikroORM.init({
    clientUrl: options.url,
    entities,
    extensions: [Migrator],
    pool: { min: 0, max: options.poolSize ?? CONNECTIONS },
    driverOptions: { connectionTimeoutMillis: CONNECT_WITHIN_MS, idleTimeoutMillis: IDLE_MS },
    // The migrator would write to the console; what it did is told by `migrate`.
    logger: () => {},
    // Functions of the database are the migrations' own business; no entity tells of them.
    schemaGenerator: { ignoreRoutines: true },
    migrations: {
      migrationsList: migrations,
      path: new URL('./migrations', import.meta.url).pathname,
      snapshotName: 'snapshot',
      emit: 'ts',
      // The snapshot is made together with a migration; a server does not write into its own source.
      snapshotOnMigrate: false,
    },
  });
  const pool = await orm.em.getConnection().getNativeClient();
  let isClosing = false;
  // The ORM sees to it that a lost connection does not end the process; the pool opens another by itself.
  pool.on('error', (error: Error & { client?: unknown }) => {
    // The pool hangs the whole connection on it, which belongs into no log.
    delete error.client;
    if (!isClosing) options.onIdleError?.(error);
  });

  return {
    orm,
    pool,
    em: () => orm.em.fork(),
    close() {
      isClosing = true;
      return orm.close();
    },
  };
}
