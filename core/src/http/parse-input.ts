import type { FieldProblem } from '@parley/sdk/contract';
import type { z } from 'zod';
import { InvalidInput } from './http-errors.ts';

/** Long lists of the same mistake help nobody and would let a small body make a large answer. */
const MAX_PROBLEMS = 20;

/** Parses what came from outside; throws `input.invalid` with one entry for each field. */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw InvalidInput(fieldProblems(parsed.error));
}

export function fieldProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.slice(0, MAX_PROBLEMS).map((issue) => ({
    path: issue.path.map(String).join('.').slice(0, 200),
    code: issue.code,
    message: issue.message,
  }));
}
