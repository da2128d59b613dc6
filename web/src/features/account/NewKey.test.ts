import { render, screen, waitFor } from '@testing-library/svelte';
import type { Model } from '@parley/sdk/contract';
import { afterEach, expect, test, vi } from 'vitest';
import { loadAllWords, loadLanguage } from '../../i18n/i18n.svelte.ts';
import NewKey from './NewKey.svelte';

afterEach(() => vi.unstubAllGlobals());

const offered = (id: string, isDefault: boolean): Model => ({
  provider: 'House',
  id,
  name: id,
  isDefault,
  contextTokens: 8_000,
  vision: false,
  tools: false,
});

test('the sample asks a model that this installation has', async () => {
  await loadLanguage('en');
  await loadAllWords();
  const models = [offered('house/small', false), offered('house/large', true)];
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(models)));
  render(NewKey, { key: 'parley-key' });
  await waitFor(() => expect(screen.getByText(/curl/)).toHaveTextContent('"model": "house/large"'));
});
