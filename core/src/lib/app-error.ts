import type { FieldProblem } from '@parley/sdk/contract';

/** An expected refusal. Born through `defineError`; anything else that is thrown is a bug and becomes a plain 500. */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly data: Record<string, unknown>;
  readonly errors: FieldProblem[] | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor(init: {
    code: string;
    status: number;
    message: string;
    data?: Record<string, unknown>;
    errors?: FieldProblem[];
    retryAfter?: number;
  }) {
    super(init.message);
    this.name = 'AppError';
    this.code = init.code;
    this.status = init.status;
    this.data = init.data ?? {};
    this.errors = init.errors;
    this.retryAfter = init.retryAfter;
  }
}

interface ErrorDetails {
  errors?: FieldProblem[];
  retryAfter?: number;
}

/**
 * Declares a kind of error: `const NotFound = defineError("conversation.not-found", 404, () => "…")`, then `throw NotFound()`.
 * `data` is safe to show: it travels to the client. The code is never reused for another meaning.
 */
export function defineError<D extends Record<string, unknown> | void = void>(
  code: string,
  status: number,
  message: (data: D) => string,
) {
  const make = (data: D, details: ErrorDetails = {}) =>
    new AppError({ code, status, message: message(data), data: data ?? undefined, ...details });
  return Object.assign(make, {
    code,
    is: (error: unknown): error is AppError => error instanceof AppError && error.code === code,
  });
}
