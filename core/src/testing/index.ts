export { createTestApp, openTiers, testSecret, type TestApp, type TestAppOptions } from './create-test-app.ts';
export type { TestUser, UserFactory } from './factories/users.ts';
export { fakeClock, type FakeClock } from './fake-clock.ts';
export { createMigratedDatabase } from './migrated-database.ts';
export * from './services/index.ts';
export { startEmbeddedPostgres } from '../ports/database/embedded/index.ts';
