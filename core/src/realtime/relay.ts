import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { RedisPort } from '../ports/redis/redis.ts';
import type { Logger } from '../observability/logger.ts';

/**
 * Carries what is said to a room to the other instances, through one Redis stream.
 *
 * Socket.io's own streams adapter is not used: it lets local sockets wait for Redis, drops the event for them too when
 * Redis is away, polls from `$` (what is written between two reads of a quiet stream is lost) and spins while Redis is
 * down. Here local delivery comes first and by itself, and a reader goes on from the last entry it has seen. Whom the other instances
 * could not be told about is remembered until Redis is back: then his clients there connect again, which is how they read anew.
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
/** Far fewer than are kept, or they would push each other out. Who comes on top reads anew when next he connects. */
const MAX_OWED = KEEP_ENTRIES / 2;
/** Until then the caches of all instances have heard, too, what they missed: read at once, it might be the old. */
const READ_AFTER_MS = 2_000;
/** A handshake costs the instance a look into the database. */
const CONNECTS_PER_SECOND = 200;

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
  const owed = new Map<string, RelayMessage>();
  let retry: NodeJS.Timeout | undefined;

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

  /** False: nobody will hear it. */
  async function add(message: RelayMessage): Promise<boolean> {
    if (!redis.isReady()) return false;
    const text = JSON.stringify(message);
    try {
      await redis.client.xadd(stream, 'MAXLEN', '~', KEEP_ENTRIES, '*', 'from', self, 'message', text);
      return true;
    } catch (error) {
      log.warn({ err: error }, 'Other instances could not be told');
      return false;
    }
  }

  function owe(message: RelayMessage): void {
    // Sockets of sessions that have ended are looked for anyway.
    if (message.type === 'disconnect' || owed.size >= MAX_OWED) return;
    const { room, event, payload } = message;
    // What was true then may not be any more, and must not come after what is. A word that only says "read again" stays true.
    if (payload === undefined) owed.set(`${room} ${event}`, message);
    else owed.set(room, { type: 'emit', room, event: 'server:moving', payload: { inMs: 0 } });
    settleSoon();
  }

  function settleSoon(): void {
    if (stop.signal.aborted) return;
    retry ??= setTimeout(() => void settle(), RETRY_MS).unref();
  }

  async function settle(): Promise<void> {
    const spreadMs = (1_000 * owed.size) / CONNECTS_PER_SECOND;
    for (const [key, message] of owed) {
      // Before it is sent: what is owed from now on is owed anew.
      owed.delete(key);
      if (await add(spread(message, spreadMs))) continue;
      owed.set(key, message);
      break;
    }
    retry = undefined;
    if (owed.size > 0) settleSoon();
  }

  void follow();
  return {
    async publish(message) {
      if (!(await add(message))) owe(message);
    },
    stop() {
      stop.abort();
      clearTimeout(retry);
      reader.disconnect();
    },
  };
}

/** The same word to each of them, at a moment of its own. */
function spread(message: RelayMessage, withinMs: number): RelayMessage {
  if (message.type !== 'emit' || message.payload === undefined) return message;
  return { ...message, payload: { inMs: Math.round(READ_AFTER_MS + Math.random() * withinMs) } };
}

/** Where to start: behind everything that was said before this instance was there. */
async function lastEntry(reader: Redis, stream: string): Promise<string> {
  const newest = await reader.xrevrange(stream, '+', '-', 'COUNT', 1);
  return newest[0]?.[0] ?? '0-0';
}
