import { createMigratedDatabase, type TestUser } from '@parley/core/testing';
import { startTestRedis } from '@parley/core/testing/services';
import type { Pool } from 'pg';
import { killableParley, type KillableParley } from './killable-parley.ts';
import { type OpenAiUpstream, startOpenAiUpstream } from './openai-upstream.ts';
import { openPool } from './open-pool.ts';
import { preparePaidModel } from './paid-upstream.ts';

export interface PaidPair {
  instances: [KillableParley, KillableParley];
  upstream: OpenAiUpstream;
  people: TestUser[];
  /** To look into the database they share. */
  pool: Pool;
}

/** Two running instances with a priced model, and people with credits for so many `messages` each. */
export async function startPaidPair(messages: readonly number[], undo: AsyncDisposableStack): Promise<PaidPair> {
  const redis = await startTestRedis();
  undo.defer(() => redis.stop());
  const upstream = await startOpenAiUpstream();
  undo.defer(() => upstream.close());
  const databaseUrl = await createMigratedDatabase(undo);
  const people = await preparePaidModel({ databaseUrl, upstreamUrl: upstream.baseUrl, messages });
  const pool = openPool(databaseUrl, undo);
  const start = async () => {
    const instance = await killableParley(databaseUrl, redis.url);
    undo.defer(() => instance.stop());
    await instance.start();
    return instance;
  };
  return { instances: [await start(), await start()], upstream, people, pool };
}
