import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHttpClient } from '@parley/sdk/client';
import { createMigratedDatabase } from '@parley/core/testing';
import type { Pool } from 'pg';
import { type KillableParley, killableParley } from '../parley/killable-parley.ts';
import { openPool } from '../parley/open-pool.ts';
import { startOpenAiUpstream } from '../parley/openai-upstream.ts';
import { preparePaidModel } from '../parley/paid-upstream.ts';
import { counts } from './counting-upstream.ts';
import { type HaltingProxy, startHaltingProxy } from './halting-proxy.ts';
import { Person } from './person.ts';

/** Micro-credits. */
export const PRICE = { perMessage: 1_000, per1kInput: 300_000, per1kOutput: 2_000_000 };
/** More than enough for everybody. */
const MESSAGES = 1_000_000;
/** What is tried here is not how fast people may type, or how much a day. */
const LIFT_LIMITS = 'update tier set open_turns_per_user = 1000, open_turns_per_conversation = 1000';
const provider = fileURLToPath(new URL('../../../plugins/provider-openai', import.meta.url));

export interface Chaos {
  parley: KillableParley;
  proxy: HaltingProxy;
  people: Person[];
  /** To look into the database, past the proxy. */
  pool: Pool;
}

/** People with credits, a priced model that answers them, and a Parley that can be killed where it stands. */
export async function prepareChaos(count: number, random: () => number, undo: AsyncDisposableStack): Promise<Chaos> {
  const upstream = await startOpenAiUpstream();
  undo.defer(() => upstream.close());
  upstream.answerAlways(counts);
  const databaseUrl = await createMigratedDatabase(undo);
  const messages = Array.from({ length: count }, () => MESSAGES);
  const users = await preparePaidModel({ databaseUrl, upstreamUrl: upstream.baseUrl, messages, price: PRICE });
  const pool = openPool(databaseUrl, undo);
  await pool.query(LIFT_LIMITS);

  const proxy = await startHaltingProxy(databaseUrl, undo);
  const parley = await killableParley(proxy.url, undefined, await folderOf(provider, undo));
  undo.defer(() => parley.stop());
  await parley.start();
  const people = await Promise.all(
    users.map(async (user) => {
      const http = createHttpClient({ baseUrl: parley.url, headers: { cookie: user.cookie } });
      const { key } = await http('POST /api/me/api-keys', { body: { name: 'chaos', scopes: ['chat'] } });
      return new Person({ user, apiKey: key, url: parley.url, random });
    }),
  );
  // Every round begins with a start.
  await parley.kill();
  return { parley, proxy, people, pool };
}

/** The plugins that a message needs and no others: each of them is loaded again at every start. */
async function folderOf(plugin: string, undo: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-plugins-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  const filter = (path: string) => basename(path) !== 'node_modules';
  await cp(plugin, join(folder, basename(plugin)), { recursive: true, filter });
  return folder;
}
