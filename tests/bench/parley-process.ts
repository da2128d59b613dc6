import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestApp, startEmbeddedPostgres } from '@parley/core/testing';
import { makePeople } from '../load/people.ts';
import { heldBytes, type HeldOrder } from './held-memory.ts';

/** Parley as it is run, on a PostgreSQL of its own, with all plugins in the path; only its request limits are opened. */
export interface ParleyHello {
  port: number;
  url: string;
  /** Behind `upstream/`: the models of `fake-upstream.ts`. */
  keys: string[];
  people: { cookie: string; conversations: string[] }[];
  databaseUrl: string;
  metricsToken: string;
}

/** Makes those of the load, who come later: with their past they take half a minute. */
export interface PeopleOrder {
  kind: 'people';
  count: number;
}

const [upstreamPort, modelNames] = process.argv.slice(2) as [string, string];
const peopleCount = 100;
const conversationsEach = 10;
const metricsToken = 'bench-metrics';

/** What ends the bench must end its database, which is in nobody's process group: that the bench is over or gone, a signal, a fall. */
const end = new AbortController();
for (const event of ['disconnect', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(event, () => end.abort());
process.on('uncaughtException', (error) => {
  console.error(error);
  process.exitCode = 1;
  end.abort();
});

try {
  await serve(end.signal);
} catch (error) {
  if (error !== end.signal.reason) {
    console.error(error);
    process.exitCode = 1;
  }
}
process.exit();

async function serve(signal: AbortSignal): Promise<void> {
  await using undo = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  undo.defer(() => rm(dataDir, { recursive: true, force: true }));
  // PostgreSQL may run as another user; a folder that it can't enter would send the cluster elsewhere.
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => {} });
  undo.defer(() => postgres.stop());
  signal.throwIfAborted();
  const parley = await createTestApp({
    databaseUrl: postgres.url,
    config: { dataDir, logLevel: 'error', metrics: { token: metricsToken, port: null } },
    checkResponses: false,
  });
  undo.defer(() => parley.stop());
  const { accounts, plugins, providers } = parley.app.modules;

  await accounts.tiers.change('free', {
    openTurnsPerUser: 100,
    openTurnsPerConversation: 50,
    requestsPerMinute: 1_000_000,
    requestsPerDay: null,
    tokensPerDay: null,
  });
  await plugins.service.change('parley.moderation-wordlist', {
    settings: { blockWords: 'forbidden\nunspeakable*', maskWords: 'secret\nhush', flagWords: 'odd' },
  });
  const connection = await providers.connections.create({
    provider: 'parley.provider-openai/openai',
    name: 'upstream',
    settings: { baseUrl: `http://127.0.0.1:${upstreamPort}/v1` },
    secrets: { apiKey: 'sk-bench' },
    enabled: true,
  });
  for (const providerModel of modelNames.split(',')) {
    await providers.offered.create({
      connectionId: connection.id,
      providerModel,
      contextTokens: 128_000,
      vision: false,
      tools: false,
      enabled: true,
    });
  }

  const keys: string[] = [];
  const people: ParleyHello['people'] = [];
  for (let index = 0; index < peopleCount; index += 1) {
    signal.throwIfAborted();
    const user = await parley.users.create();
    keys.push(await parley.users.createApiKey(user));
    const conversations: string[] = [];
    for (let count = 0; count < conversationsEach; count += 1) {
      conversations.push((await parley.http(user)('POST /api/conversations', { body: {} })).id);
    }
    people.push({ cookie: user.cookie, conversations });
  }

  signal.throwIfAborted();
  process.on('message', (order: PeopleOrder | HeldOrder) => {
    if (order.kind === 'held-memory') {
      process.send?.(heldBytes());
      return;
    }
    makePeople(parley, order.count, signal).then(
      (made) => process.send?.(made),
      (error: unknown) => end.abort(error),
    );
  });
  process.send?.({
    port: Number(new URL(parley.url).port),
    url: parley.url,
    keys,
    people,
    databaseUrl: postgres.url,
    metricsToken,
  } satisfies ParleyHello);
  await once(signal, 'abort');
}
