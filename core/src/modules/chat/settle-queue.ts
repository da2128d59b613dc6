import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { TurnCredits } from '../credits/index.ts';
import { createBatcher } from '../../lib/batcher.ts';
import { errorCode } from '../../lib/error-code.ts';
import { findSettled, settleTurns, type Settled, type TurnResult } from './settle-turns.ts';

export interface SettleQueueOptions {
  pool: Pool;
  instanceId: string;
  credits: Pick<TurnCredits, 'settled' | 'tellSettled'>;
  report(error: unknown): void;
  /** Gives up waiting for the database: the process ends, and the reaper of the next one takes over. */
  signal: AbortSignal;
}

const BATCH = { maxItems: 50, maxInFlight: 2 };
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 2_000;

/**
 * Writes down how turns ended. A reply that people have read is not lost because the database is away for a moment:
 * it is offered again until it is taken, while the heartbeat keeps the turn ours.
 */
export function createSettleQueue(options: SettleQueueOptions): (result: TurnResult) => Promise<Settled | null> {
  const { pool, instanceId, credits, signal } = options;
  const together = createBatcher<TurnResult, Settled | null>(
    (results) => settleTurns(pool, instanceId, credits, results),
    BATCH,
  );

  return async (result) => {
    let settle = () => together(result);
    let mayBeSettled = false;
    for (let delay = FIRST_RETRY_MS; ; delay = Math.min(delay * 2, LAST_RETRY_MS)) {
      try {
        // A lost connection leaves open whether its commit was done; a second attempt finds nothing to do then.
        return (await settle()) ?? (mayBeSettled ? await findSettled(pool, instanceId, result) : null);
      } catch (error) {
        if (isRefusal(error)) {
          options.report(error);
          // Some turn of the batch holds what can't be stored. Alone, each one shows whether it is the one.
          if (settle !== alone) settle = alone;
          else return null;
          continue;
        }
        if (signal.aborted) return null;
        mayBeSettled = true;
        await pause(delay, undefined, { signal }).catch(() => undefined);
      }
    }
    async function alone(): Promise<Settled | null> {
      const [settled] = await settleTurns(pool, instanceId, credits, [result]);
      return settled ?? null;
    }
  };
}

/** SQLSTATE classes 22 and 23 judge the data, 42 the statement; trying again changes nothing. All else may pass. */
function isRefusal(error: unknown): boolean {
  return /^(?:22|23|42)/.test(errorCode(error) ?? '');
}
