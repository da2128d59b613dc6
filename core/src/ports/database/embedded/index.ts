export { EmbeddedPostgresError } from './embedded-postgres-error.ts';
export { findInstallations } from './installations.ts';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './start-embedded-postgres.ts';
export { findRunningPostgres, shareEmbeddedPostgres } from './share-embedded-postgres.ts';
