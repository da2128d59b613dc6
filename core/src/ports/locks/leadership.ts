import { Client } from 'pg';
import type { Logger } from '../../observability/logger.ts';

/** At most one instance of the cluster holds it at a time; it moves on when that instance dies. */
export interface Leadership {
  isHeld(): boolean;
  stop(): Promise<void>;
}

/** Of an instance that never wants it. */
export const noLeadership: Leadership = { isHeld: () => false, stop: async () => {} };

const RETRY_MS = 2_000;

/**
 * A session-level advisory lock on a connection of its own: the database lets go of it in the moment the connection
 * ends, so there is no lease to renew. Keepalives end a connection whose instance vanished without a word.
 */
export function seekLeadership(options: { url: string; lock: number; log: Logger; retryMs?: number }): Leadership {
  const { url, lock, log, retryMs = RETRY_MS } = options;
  let client: Client | null = null;
  let held = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let attempt: Promise<void> = Promise.resolve();

  async function seek(): Promise<void> {
    client ??= await connect();
    const { rows } = await client.query<{ won: boolean }>('select pg_try_advisory_lock($1) as won', [lock]);
    held = rows[0]?.won === true;
  }
  async function connect(): Promise<Client> {
    const next = new Client({ connectionString: url, application_name: 'parley-leader', keepAlive: true });
    next.on('error', (error: unknown) => log.debug({ err: error }, 'The connection that holds leadership was lost'));
    next.on('end', () => {
      if (client !== next) return;
      client = null;
      held = false;
      again();
    });
    await next.connect();
    return next;
  }
  function again(): void {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(run, retryMs);
  }
  function run(): void {
    attempt = seek().catch((error: unknown) => log.debug({ err: error }, 'Leadership could not be asked for'));
    void attempt.then(() => {
      if (!held) again();
    });
  }

  run();
  return {
    isHeld: () => held,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await attempt;
      const last = client;
      client = null;
      held = false;
      await last?.end();
    },
  };
}
