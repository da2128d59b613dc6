import { ApiError } from '@parley/sdk/client';
import type { Problem } from '@parley/sdk/contract';

/** What a call was refused with; null when it was not refused. */
export async function problemOf(call: Promise<unknown>): Promise<Problem | null> {
  try {
    await call;
    return null;
  } catch (error) {
    if (error instanceof ApiError) return error.problem;
    throw error;
  }
}
