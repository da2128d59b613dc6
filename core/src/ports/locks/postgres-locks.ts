import { createHash, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { waitAtMost } from '../../lib/wait-at-most.ts';
import { keepLock } from './kept-lock.ts';
import type { HeldLock, Locks } from './locks.ts';
import { waitForLock } from './wait-for-lock.ts';

const APPLICATION = 'parley-lock';

interface PostgresLocksOptions {
  url: string;
  report(error: unknown): void;
}

/**
 * Session-level advisory locks, each on a connection of its own: the database lets go in the moment the connection ends, so nobody
 * can hold a lock beside somebody else. The lease only says how soon a silent connection counts as ended.
 */
export function createPostgresLocks(options: PostgresLocksOptions): Locks {
  const { report } = options;
  return {
    async tryAcquire(name, { leaseMs }) {
      await using seat = new Seat(options, name, leaseMs);
      return await seat.attempt();
    },
    async acquire(name, { leaseMs, ...wait }) {
      await using seat = new Seat(options, name, leaseMs);
      return await waitForLock(() => seat.attempt(), { ...wait, report });
    },
  };
}

/** Somebody who wants one lock, on one connection for all attempts. Once won, the connection belongs to the lock. */
class Seat implements AsyncDisposable {
  readonly #options: PostgresLocksOptions;
  readonly #name: string;
  readonly #leaseMs: number;
  #client: Client | null = null;

  constructor(options: PostgresLocksOptions, name: string, leaseMs: number) {
    this.#options = options;
    this.#name = name;
    this.#leaseMs = leaseMs;
  }

  async attempt(): Promise<HeldLock | null> {
    this.#client ??= await this.#connect();
    const client = this.#client;
    const askedAtMs = performance.now();
    const isWon = await this.#ask(client);
    // Not won, or its end came together with the answer.
    if (!isWon || this.#client !== client) return null;
    this.#client = null;
    const lock = keepLock({
      name: this.#name,
      owner: randomUUID(),
      leaseMs: this.#leaseMs,
      askedAtMs,
      async renew() {
        await client.query('select 1');
        return true;
      },
      // A network that is gone says no goodbye.
      free: () => waitAtMost(client.end(), this.#leaseMs),
      report: this.#options.report,
    });
    client.on('end', () => lock.lose());
    return lock;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.end();
  }

  async #ask(client: Client): Promise<boolean> {
    try {
      const { rows } = await client.query<{ won: boolean }>('select pg_try_advisory_lock($1) as won', [
        lockNumber(this.#name),
      ]);
      return rows[0]?.won === true;
    } catch (error) {
      // It may have been won all the same, on a connection nobody listens to any more.
      this.#client = null;
      await waitAtMost(client.end(), this.#leaseMs);
      throw error;
    }
  }

  async #connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.#options.url,
      application_name: APPLICATION,
      keepAlive: true,
      connectionTimeoutMillis: this.#leaseMs,
      query_timeout: this.#leaseMs,
    });
    client.on('error', this.#options.report);
    client.on('end', () => {
      if (this.#client === client) this.#client = null;
    });
    await client.connect();
    // Otherwise the database goes on for hours with a connection whose holder vanished without a word. Twice the lease, so that
    // a holder that cannot reach it has given up by then.
    const seconds = Math.max(1, Math.ceil(this.#leaseMs / 1_000));
    await client.query(`set tcp_keepalives_idle = ${seconds}; set tcp_keepalives_interval = ${seconds};
      set tcp_keepalives_count = 2`);
    return client;
  }
}

/** The 64 bits that PostgreSQL calls a lock by. */
function lockNumber(name: string): bigint {
  return createHash('sha256').update(`parley:${name}`).digest().readBigInt64BE();
}
