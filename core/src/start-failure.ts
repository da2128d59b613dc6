import { errorCode } from './lib/error-code.ts';
import { isDatabaseUnavailable } from './ports/database/database-errors.ts';

/** Errors that are written for the person who starts Parley; a stack would only hide what they say. */
const spoken =
  /^(backup\.|object-storage\.|config\.|server\.cannot-listen|embedded_postgres\.|folder\.in_use|database\.|ERR_PARSE_ARGS)/;

export function explainStartFailure(error: unknown): string {
  return `Parley cannot start. ${explainFailure(error)}`;
}

/** What to tell an operator; a stack only for what nobody foresaw. */
export function explainFailure(error: unknown): string {
  const code = errorCode(error);
  if (error instanceof Error && code !== undefined && spoken.test(code)) return error.message;
  if (isDatabaseUnavailable(error)) {
    return `The database is not reachable (${code ?? 'no code'}). Check DATABASE_URL, and that PostgreSQL runs.`;
  }
  if (code === '28P01' || code === '28000' || code === '3D000') {
    return `The database refuses us: ${messageOf(error)}. Check DATABASE_URL.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
