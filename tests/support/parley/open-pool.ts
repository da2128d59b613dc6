import { Pool } from 'pg';

/** For looking into a database beside the product. */
export function openPool(databaseUrl: string, undo: AsyncDisposableStack): Pool {
  const pool = new Pool({ connectionString: databaseUrl, max: 2 });
  // Its database may be dropped while it says goodbye. Those of its clients that are idle tell it of that, those that are lent
  // only themselves; a statement that fails says so itself.
  const ignore = () => {};
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  undo.defer(() => pool.end());
  return pool;
}
