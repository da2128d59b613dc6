import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { RedisPort } from '../ports/redis/redis.ts';
import type { Logger } from '../observability/logger.ts';

/**
 * Carries what is said to a room to the other instances, through one Redis stream.
 *
 * Socket.io's own streams adapter is not used: it lets local sockets wait for Redis, drops the event for them too when
 * Redis is away, polls from `$` (what is written between two reads of a quiet stream is lost) and spins while Redis is
 * down. Here local delivery comes first and by itself, and a reader goes on from the last entry it has seen.
 */
export interface Relay {
  /** Resolves when Redis has it, or when it turns out that it will not; never rejects. */
  publish(message: RelayMessage): Promise<void>;
  stop(): void;
}

export type RelayMessage =
  | { type: 'emit'; room: string; event: string; payload: unknown }
  | { type: 'disconnect'; userId: string; sessionIds: readonly string[] | null; reason: string };

type StreamAnswer = [stream: string, entries: [id: string, fields: string[]][]][] | null;

const STREAM = 'parley:relay';
/** Enough for a reader that was cut off for a while; older news is read anew by the clients that reconnect. */
const KEEP_ENTRIES = 10_000;
const BLOCK_MS = 5_000;
const RETRY_MS = 500;

export async function openRelay(options: {
  redis: RedisPort;
  log: Logger;
  stream?: string;
  onMessage(message: RelayMessage): void;
}): Promise<Relay> {
  const { redis, log } = options;
  const stream = options.stream ?? STREAM;
  const self = randomUUID();
  const reader = redis.open();
  const stop = new AbortController();

  async function follow(): Promise<void> {
    let after: string | null = null;
    while (!stop.signal.aborted) {
      try {
        after ??= await lastEntry(reader, stream);
        const answer: StreamAnswer = await reader.xread('COUNT', 200, 'BLOCK', BLOCK_MS, 'STREAMS', stream, after);
        for (const [id, fields] of answer?.[0]?.[1] ?? []) {
          after = id;
          deliver(fields);
        }
      } catch (error) {
        if (stop.signal.aborted) return;
        log.debug({ err: error }, 'The relay could not be read');
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      }
    }
  }

  function deliver(fields: string[]): void {
    const [, from, , message] = fields;
    if (from === self || message === undefined) return;
    try {
      options.onMessage(JSON.parse(message) as RelayMessage);
    } catch (error) {
      log.error({ err: error }, 'A message of another instance could not be delivered');
    }
  }

  void follow();
  return {
    async publish(message) {
      if (!redis.isReady()) return;
      const text = JSON.stringify(message);
      try {
        await redis.client.xadd(stream, 'MAXLEN', '~', KEEP_ENTRIES, '*', 'from', self, 'message', text);
      } catch (error) {
        log.warn({ err: error }, 'Other instances could not be told');
      }
    },
    stop() {
      stop.abort();
      reader.disconnect();
    },
  };
}

/** Where to start: behind everything that was said before this instance was there. */
async function lastEntry(reader: Redis, stream: string): Promise<string> {
  const newest = await reader.xrevrange(stream, '+', '-', 'COUNT', 1);
  return newest[0]?.[0] ?? '0-0';
}
