import { render, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import TraceSteps from './TraceSteps.svelte';

test('a filter that nobody waited for has no time, and the others have theirs', () => {
  const step = { source: 'acme.words/list', note: '', outcome: 'unchanged' } as const;
  render(TraceSteps, {
    steps: [
      { ...step, kind: 'inlet', ms: 2.34 },
      { ...step, kind: 'stream', ms: null },
    ],
  });
  const [waited, fed] = screen.getAllByRole('listitem');
  expect(waited).toHaveTextContent('2.3 ms');
  expect(fed).toHaveTextContent('no waiting');
  expect(fed).not.toHaveTextContent('ms');
});
