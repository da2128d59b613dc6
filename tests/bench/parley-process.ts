import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestApp, startEmbeddedPostgres } from '@parley/core/testing';

/** Parley as it is run, on a PostgreSQL of its own, with all plugins in the path; only its request limits are opened. */
export interface ParleyHello {
  port: number;
  url: string;
  /** Behind `upstream/`: the models of `fake-upstream.ts`. */
  keys: string[];
  people: { cookie: string; conversations: string[] }[];
}

const [upstreamPort, modelNames] = process.argv.slice(2) as [string, string];
const peopleCount = 100;
const conversationsEach = 10;

const dataDir = await mkdtemp(join(tmpdir(), 'parley-bench-'));
// PostgreSQL may run as another user; a folder that it can't enter would send the cluster elsewhere.
await chmod(dataDir, 0o755);
const postgres = await startEmbeddedPostgres({ dataDir, log: () => {} });
const parley = await createTestApp({
  databaseUrl: postgres.url,
  config: { dataDir, logLevel: 'error' },
  checkResponses: false,
});
const { plugins, providers, settings } = parley.app.modules;

await settings.service.change({ openTurnsPerUser: 100, openTurnsPerConversation: 50 });
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
  const user = await parley.users.create();
  keys.push(await parley.users.createApiKey(user));
  const conversations: string[] = [];
  for (let count = 0; count < conversationsEach; count += 1) {
    conversations.push((await parley.http(user)('POST /api/conversations', { body: {} })).id);
  }
  people.push({ cookie: user.cookie, conversations });
}

process.send?.({ port: Number(new URL(parley.url).port), url: parley.url, keys, people } satisfies ParleyHello);
process.on('disconnect', () => {
  parley
    .stop()
    .then(() => postgres.stop())
    .then(() => rm(dataDir, { recursive: true, force: true }))
    .then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
});
