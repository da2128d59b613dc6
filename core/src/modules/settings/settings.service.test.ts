import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createEventBus } from '../../events/event-bus.ts';
import { createLogger } from '../../observability/logger.ts';
import { openChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import { type Database, openDatabase } from '../../ports/database/database.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { createAuditModule } from '../audit/index.ts';
import { SettingsService } from './settings.service.ts';

const undo = new AsyncDisposableStack();
let database: Database;
let service: SettingsService;
let hear: () => void = () => undefined;
beforeAll(async () => {
  const url = await createMigratedDatabase(undo);
  database = await openDatabase({ url });
  undo.defer(() => database.close());
  const changes = await openChangeFeed({ url, onError: () => undefined });
  undo.defer(() => changes.stop());
  service = new SettingsService({
    database,
    audit: createAuditModule({ database, people: async () => new Map() }),
    changes: { ...changes, on: (_, listener) => ((hear = listener), () => undefined) },
    events: createEventBus(() => undefined),
    log: createLogger({ level: 'silent' }),
  });
  await service.start();
});
afterAll(() => undo.disposeAsync());

async function severalQueries(): Promise<void> {
  for (let count = 0; count < 5; count++) await database.pool.query('select 1');
}

test('a look that began before a change does not bring back what was before it', async () => {
  const mayAnswer = Promise.withResolvers<void>();
  const pool: { query(text: string): Promise<unknown> } = database.pool;
  const query = pool.query.bind(pool);
  const looked = Promise.withResolvers<void>();
  vi.spyOn(pool, 'query').mockImplementationOnce(async (text: string) => {
    const answer = await query(text);
    looked.resolve();
    await mayAnswer.promise;
    return answer;
  });
  // News of an earlier change, which are read slowly.
  hear();
  await looked.promise;
  const changing = service.change({ instanceName: 'New' });
  // Once the change stands, whoever does not wait for the look that is under way takes it in.
  await vi.waitFor(async () => expect((await database.pool.query('select from settings')).rowCount).toBe(1), {
    timeout: 60_000,
  });
  await severalQueries();
  mayAnswer.resolve();
  await changing;
  await severalQueries();
  expect(service.current().instanceName).toBe('New');
});
