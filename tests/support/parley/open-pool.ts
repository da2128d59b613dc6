import { Pool } from 'pg';

/** For looking into a database beside the product. */
export function openPool(databaseUrl: string, undo: AsyncDisposableStack): Pool {
  const pool = new Pool({ connectionString: databaseUrl, max: 2 });
  pool.on('connect', (client) =>
    client.on('error', () => {
      // Its database may be dropped while it says goodbye; a statement that fails says so itself.
    }),
  );
  undo.defer(() => pool.end());
  return pool;
}
