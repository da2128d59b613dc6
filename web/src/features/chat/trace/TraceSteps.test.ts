import { render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pluginNames } from '../plugin-names.svelte.ts';
import TraceSteps from './TraceSteps.svelte';

beforeEach(() => vi.stubGlobal('fetch', async () => Response.json([{ id: 'acme.words', name: 'Word lists' }])));
afterEach(() => vi.unstubAllGlobals());

const step = { source: 'acme.words/list', note: '', outcome: 'unchanged' } as const;

test('a filter that nobody waited for has no time, and the others have theirs', () => {
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

test('a plugin goes by its name, with its reference below; one that is gone by its reference alone', async () => {
  const kind = 'inlet';
  await pluginNames.need();
  render(TraceSteps, {
    steps: [
      { ...step, kind, ms: 2 },
      { ...step, kind, ms: 2, source: 'acme.gone/list' },
    ],
  });
  const [known, gone] = screen.getAllByRole('listitem');
  expect(known).toHaveTextContent(/^Word lists.*acme\.words\/list$/);
  expect(gone).toHaveTextContent(/^acme\.gone\/list/);
  expect(gone?.textContent?.match(/acme\.gone/g)).toHaveLength(1);
});
