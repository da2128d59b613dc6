import type { Pool, PoolClient } from 'pg';

/**
 * Plain SQL in one transaction; rolls back when `work` throws. No network call belongs inside. `opening` travels with the
 * beginning in one round trip: statements without parameters whose answer nobody needs, such as locks.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
  opening: readonly string[] = [],
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(['begin', ...opening].join('; '));
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    // A connection that cannot even roll back must not go back into the pool.
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
