import { errorCode } from '../../lib/error-code.ts';

const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);

/**
 * SQLSTATEs that say "not now" rather than "not like this": connection trouble (08…), too many connections or out of
 * memory or disk (53…), shutting down or starting up (57P…).
 */
const passingStates = /^(08|53|57P)/;
/** Of a statement it would be a fault of ours; of a session that is refused it says that the database takes none for now. */
const NOT_READY = '55000';

const wordsOfThePool =
  /^(timeout exceeded when trying to connect|Connection terminated|Cannot use a pool after|Client .* is not queryable)/;

/** Whether a statement failed because the database could not be used just now. The ORM wraps the driver's errors. */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause ?? previousOf(at), depth++) {
    const code = errorCode(at);
    if (code !== undefined && isFromDatabase(at) && (networkCodes.has(code) || passingStates.test(code))) return true;
    if (code === NOT_READY && 'severity' in at && at.severity === 'FATAL') return true;
    // The pool has words, but no code, for these.
    if (wordsOfThePool.test(at.message)) return true;
    if (at instanceof AggregateError && at.errors.length > 0 && at.errors.every(isDatabaseUnavailable)) return true;
  }
  return false;
}

/** SQLSTATEs of the two violations callers recover from. */
export function isUniqueViolation(error: unknown): boolean {
  return errorCode(error) === '23505';
}

function previousOf(error: Error): unknown {
  return 'previous' in error ? error.previous : undefined;
}

/** Other parts of the process open sockets too; their refusals are not the database's. */
function isFromDatabase(error: Error): boolean {
  const stack = error.stack ?? '';
  return 'severity' in error || 'routine' in error || /[\\/](pg|pg-pool|@mikro-orm)[\\/@+]/.test(stack);
}
