import { render, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import type { Trial } from './providers-state.svelte.ts';
import TrialNotice from './TrialNotice.svelte';

const result = { ok: true, ms: 0, failure: null, modelsFound: 1 };

test.each([
  [result, 'Works. Answered in under 1 ms with 1 model.'],
  [{ ...result, modelsFound: null }, 'Works. Answered in under 1 ms.'],
  [{ ...result, ms: 12 }, 'Works. Answered in 12 ms with 1 model.'],
  [
    { ...result, ok: false, failure: { code: 'provider.failed', detail: 'Nobody listens there.' } },
    'Failed in under 1 ms: Nobody listens there.',
  ],
])('a test of a connection tells how long it took: %o', (trial, sentence) => {
  render(TrialNotice, { trial: trial as Trial });
  expect(screen.getByRole('status')).toHaveTextContent(sentence);
});
