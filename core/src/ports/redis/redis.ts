import { once } from 'node:events';
import { Redis } from 'ioredis';
import type { Logger } from '../../observability/logger.ts';
import { watchSilence } from './watch-silence.ts';

export interface RedisPort {
  /** Fails at once when Redis is away; ask `isReady` first or have another way. */
  readonly client: Redis;
  isReady(): boolean;
  /** A connection of its own for subscriptions and blocking reads: it waits for Redis instead of failing. The caller disconnects it. */
  open(): Redis;
  /** Hears of every change between reachable and not. Returns the undo. */
  onChange(listener: (ready: boolean) => void): () => void;
  close(): Promise<void>;
}

const FIRST_CONNECT_MS = 3_000;
/** One that answers nothing says no goodbye either. */
const SAYS_GOODBYE_WITHIN_MS = 100;
const LAST_RETRY_MS = 1_000;

/** Starts also without Redis: counting and sharing are then poorer, and it is used as soon as it is there. */
export async function openRedis(url: string, log: Logger): Promise<RedisPort> {
  const client = new Redis(url, {
    // Whoever asked has another way; sent again after a loss, a count might be made twice.
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    connectTimeout: FIRST_CONNECT_MS,
    disconnectTimeout: SAYS_GOODBYE_WITHIN_MS,
    retryStrategy: (attempt) => Math.min(100 * attempt, LAST_RETRY_MS),
  });
  const listeners = new Set<(ready: boolean) => void>();
  const others = new Set<Redis>();
  let ready = false;
  const change = (now: boolean, error?: unknown) => {
    if (now === ready) return;
    ready = now;
    if (now) log.info('Redis is reachable');
    else log.warn({ err: error }, 'Redis is not reachable: counting in memory until it is back');
    // They wait for news and may not notice: what they stand on is as old as what was lost.
    if (!now) for (const own of others) if (own.status === 'ready') own.disconnect(true);
    for (const listener of listeners) listener(now);
  };
  client.on('ready', () => change(true));
  client.on('close', () => change(false));
  // Without a listener an error event would end the process; every loss is told by `close`.
  client.on('error', (error: unknown) => log.debug({ err: error }, 'Redis'));

  const stopWatching = watchSilence(client);

  await Promise.race([once(client, 'ready'), new Promise((resolve) => setTimeout(resolve, FIRST_CONNECT_MS).unref())]);
  if (!ready) log.warn('Redis is not reachable yet: starting without it');

  return {
    client,
    isReady: () => ready,
    open() {
      const own = client.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null });
      others.add(own);
      own.on('end', () => others.delete(own));
      own.on('error', (error: unknown) => log.debug({ err: error }, 'Redis'));
      return own;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      stopWatching();
      listeners.clear();
      if (ready) await client.quit();
      else client.disconnect();
    },
  };
}
