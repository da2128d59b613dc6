/** Why Parley could not run its own PostgreSQL, in words for the person who started it. */
export class EmbeddedPostgresError extends Error {
  readonly code: `embedded_postgres.${string}`;
  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
    this.code = `embedded_postgres.${reason}`;
  }
}
