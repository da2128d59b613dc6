import { Client } from 'pg';

/**
 * Tells every instance on the same database that something it may have cached has changed. Carries no data: a listener reads again.
 * Built on LISTEN/NOTIFY, so it works without Redis. After a lost connection every listener is called, as news may have been missed.
 */
export interface ChangeFeed {
  /** Tells all instances, this one included, soon after. */
  announce(topic: string): Promise<void>;
  /** Returns the undo. */
  on(topic: string, listener: () => void): () => void;
  /** False: news is being missed; once it can be heard again every listener is called. */
  isListening(): boolean;
  stop(): Promise<void>;
}

const channel = 'parley_changes';
const reconnectMs = 1_000;

export async function openChangeFeed(options: { url: string; onError(error: unknown): void }): Promise<ChangeFeed> {
  const listeners = new Map<string, Set<() => void>>();
  let stopped = false;
  let client: Client | null = null;
  let retry: NodeJS.Timeout | undefined;

  const call = (topic: string) => {
    for (const listener of listeners.get(topic) ?? []) listener();
  };

  async function connect(): Promise<void> {
    const next = new Client({ connectionString: options.url, application_name: 'parley-changes' });
    next.on('notification', (message) => call(message.payload ?? ''));
    next.on('error', options.onError);
    next.on('end', () => {
      if (client !== next) return;
      client = null;
      scheduleReconnect();
    });
    await next.connect();
    await next.query(`listen ${channel}`);
    client = next;
  }

  function scheduleReconnect(): void {
    if (stopped) return;
    retry = setTimeout(() => {
      connect().then(
        () => {
          for (const topic of listeners.keys()) call(topic);
        },
        (error: unknown) => {
          options.onError(error);
          scheduleReconnect();
        },
      );
    }, reconnectMs);
  }

  await connect();

  return {
    async announce(topic) {
      if (client === null) call(topic);
      else await client.query('select pg_notify($1, $2)', [channel, topic]);
    },
    on(topic, listener) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set.add(listener));
      return () => void set.delete(listener);
    },
    isListening: () => client !== null,
    async stop() {
      stopped = true;
      clearTimeout(retry);
      const last = client;
      client = null;
      await last?.end();
    },
  };
}
