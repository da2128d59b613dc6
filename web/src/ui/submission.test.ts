import { ApiError } from '@parley/sdk/client';
import type { Problem } from '@parley/sdk/contract';
import { describe, expect, it } from 'vitest';
import { Submission } from './submission.svelte.ts';

function refused(code: string, path: string, message: string): ApiError {
  const errors = [{ path, code: 'invalid', message }];
  const problem: Problem = { type: 'about:blank', title: 'x', status: 422, code, detail: 'x', errors };
  return new ApiError(problem);
}
async function after(error: ApiError, shown: string[]): Promise<Submission> {
  const submission = new Submission();
  const done = await submission.run(
    () => Promise.reject(error),
    (path) => shown.includes(path),
  );
  expect(done).toBeUndefined();
  return submission;
}

describe('a form that was refused', () => {
  it('says it at the field that it has', async () => {
    const submission = await after(refused('input.invalid', 'email', 'is odd'), ['email']);
    expect(submission.fields).toEqual({ email: 'Is odd' });
    expect(submission.failure).toBe('');
  });

  it('says as a whole what is wrong with something that it does not show, in words that stand alone', async () => {
    const used = refused('auth.invitation-invalid', 'invitation', 'is unknown, used or has run out');
    const submission = await after(used, ['email']);
    expect(submission.fields).toEqual({});
    expect(submission.failure).toMatch(/^This invitation is unknown, was used already or has run out/);
    const odd = await after(refused('input.invalid', 'timeZone', 'is odd'), ['email']);
    expect(odd.failure).toBe('Is odd');
  });
});
