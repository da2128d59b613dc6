import { STATUS_CODES } from 'node:http';
import type { Problem } from '@parley/sdk/contract';
import { AppError } from '../lib/app-error.ts';
import { isDatabaseUnavailable } from '../ports/database/database-errors.ts';

export interface ToldProblem {
  problem: Problem;
  /** A bug or a broken dependency: somebody must see it in the log. */
  unexpected: boolean;
}

/** What a caller is told about anything that was thrown. One place for HTTP and sockets alike. */
export function toProblem(error: unknown, requestId?: string): ToldProblem {
  if (error instanceof AppError) return { problem: appProblem(error, requestId), unexpected: error.status >= 500 };
  if (isDatabaseUnavailable(error)) {
    const detail = 'The database is not reachable just now. Try again in a moment.';
    return {
      problem: problem(503, 'database.unavailable', detail, { requestId, retryAfter: 5 }),
      unexpected: true,
    };
  }
  const status = clientErrorStatus(error);
  if (status !== null) {
    return {
      problem: problem(status, 'request.refused', STATUS_CODES[status] ?? '', { requestId }),
      unexpected: false,
    };
  }
  return {
    problem: problem(500, 'internal', 'Something went wrong on our side.', { requestId }),
    unexpected: true,
  };
}

function appProblem(error: AppError, requestId: string | undefined): Problem {
  return problem(error.status, error.code, error.message, {
    requestId,
    errors: error.errors,
    retryAfter: error.retryAfter,
    data: Object.keys(error.data).length === 0 ? undefined : (error.data as Problem['data']),
  });
}

function problem(
  status: number,
  code: string,
  detail: string,
  more: Pick<Problem, 'requestId' | 'errors' | 'retryAfter' | 'data'>,
): Problem {
  const told: Problem = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code, detail };
  if (more.requestId !== undefined) told.requestId = more.requestId;
  if (more.errors !== undefined) told.errors = more.errors;
  if (more.retryAfter !== undefined) told.retryAfter = more.retryAfter;
  if (more.data !== undefined) told.data = more.data;
  return told;
}

/** Koa and its parts refuse bad requests (an undecodable path, say) with `status` and `expose` on the error. */
function clientErrorStatus(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('status' in error) || !('expose' in error)) return null;
  const { status, expose } = error;
  return expose === true && typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}
