import type { LimitFields } from '@parley/sdk/contract';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCache } from '../../ports/cache/index.ts';
import { type ChangeFeed, openChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import { type Database, openDatabase } from '../../ports/database/database.ts';
import { eventually } from '../../testing/eventually.ts';
import { insertUser } from '../../testing/factories/insert-user.ts';
import { fakeClock } from '../../testing/fake-clock.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import { TiersService } from '../accounts/index.ts';
import { createAuditModule } from '../audit/index.ts';
import { effectiveLimits } from './effective-limits.ts';
import { LimitOverride } from './limit-override.entity.ts';

const log = pino({ level: 'silent' });
const undo = new AsyncDisposableStack();
const clock = fakeClock(Date.parse('2026-11-21T12:00:00Z'));
let url: string;
let database: Database;
let changes: ChangeFeed;
beforeAll(async () => {
  url = await createMigratedDatabase(undo);
  database = await openDatabase({ url });
  undo.defer(() => database.close());
  changes = await openFeed();
});
afterAll(() => undo.disposeAsync());

async function openFeed(): Promise<ChangeFeed> {
  const feed = await openChangeFeed({ url, onError: () => undefined });
  undo.defer(() => feed.stop());
  return feed;
}
const nobodyListens: Broadcaster = { emit: () => {}, emitLocal: () => {}, disconnect: async () => {} };
const instance = (feed: ChangeFeed) => {
  const audit = createAuditModule({ database, people: async () => new Map() });
  const tiers = new TiersService({ database, changes: feed, audit, broadcaster: nobodyListens });
  return {
    tiers,
    effective: effectiveLimits({ database, changes: feed, cache: openCache({ redis: null, log }), clock, tiers }),
  };
};
async function override(userId: string, fields: Partial<LimitFields>, expiresAt: Date | null = null): Promise<void> {
  const em = database.em();
  em.create(LimitOverride, { user: userId, fields, reason: 'test', expiresAt });
  await em.flush();
}

test('newcomers get the limits of the default tier', async () => {
  const { effective } = instance(changes);
  expect(await effective(await insertUser(database.pool))).toEqual({
    tier: { id: 'free', name: 'Free' },
    requestsPerMinute: 30,
    requestsPerDay: 1_000,
    tokensPerDay: 2_000_000,
    openTurnsPerUser: 15,
    openTurnsPerConversation: 5,
    contextTokens: null,
    attachmentsPerMessage: 4,
    attachmentBytes: 10_000_000,
    allowedModels: null,
  });
});

test('exceptions lie over the tier, the latest on top, until they end', async () => {
  const { effective } = instance(changes);
  const userId = await insertUser(database.pool);
  await override(userId, { requestsPerDay: 5, openTurnsPerUser: 2 });
  await override(userId, { requestsPerDay: null, tokensPerDay: 7 }, new Date(clock.now() + 5_000));
  await override(userId, { openTurnsPerUser: 1 }, new Date(clock.now()));
  expect(await effective(userId)).toMatchObject({
    requestsPerDay: null,
    tokensPerDay: 7,
    openTurnsPerUser: 2,
    openTurnsPerConversation: 5,
  });
  clock.advance(5_000);
  expect(await effective(userId)).toMatchObject({ requestsPerDay: 5, tokensPerDay: 2_000_000, openTurnsPerUser: 2 });
});

test('a change of a tier counts on every instance as soon as the news is there', async () => {
  const [here, there] = [instance(changes), instance(await openFeed())];
  const userId = await insertUser(database.pool);
  const before = await there.effective(userId);
  expect(before.openTurnsPerUser).toBe(15);
  await here.tiers.change('free', { openTurnsPerUser: 3 });
  await eventually(async () => (await there.effective(userId)).openTurnsPerUser).toBe(3);
  await eventually(async () => (await here.effective(userId)).openTurnsPerUser).toBe(3);
  await here.tiers.change('free', { openTurnsPerUser: 15 });
});

test('somebody who does not exist has no limits', async () => {
  await expect(instance(changes).effective(crypto.randomUUID())).rejects.toMatchObject({ code: 'user.not-found' });
});
