import { Gauge, type Registry } from 'prom-client';
import { Sources } from './sources.ts';

/** The pool of connections as node-postgres tells of it. */
export interface PoolCounts {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
  options: { max?: number };
}

export interface DatabaseMetrics {
  watch(pool: () => PoolCounts): () => void;
}

export function databaseMetrics(registry: Registry): DatabaseMetrics {
  const pools = new Sources<PoolCounts>();
  const gauge = (name: string, help: string, read: (pool: PoolCounts) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(pools.read().reduce((sum, pool) => sum + read(pool), 0));
      },
    });
  gauge('parley_database_pool_connections', 'Connections that are open.', ({ totalCount }) => totalCount);
  gauge('parley_database_pool_idle', 'Open connections that nobody uses.', ({ idleCount }) => idleCount);
  gauge('parley_database_pool_waiting', 'Queries that wait for a connection.', ({ waitingCount }) => waitingCount);
  gauge('parley_database_pool_max', 'Connections there may be at most.', ({ options }) => options.max ?? 0);
  return { watch: pools.watch };
}
