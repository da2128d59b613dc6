import { render, screen } from '@testing-library/svelte';
import type { Connection } from '@parley/sdk/contract';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { loadAllWords, loadLanguage } from '../../../i18n/i18n.svelte.ts';
import DiscoverDialog from './DiscoverDialog.svelte';
import { ProvidersState } from './providers-state.svelte.ts';

beforeAll(async () => {
  await loadLanguage('en');
  await loadAllWords();
});

const connection = { id: '1', name: 'House' } as Connection;
let offered: string[];
let refusesFrom: number;

beforeEach(() => {
  offered = [];
  refusesFrom = Infinity;
  vi.stubGlobal('fetch', async (url: string | URL, init?: RequestInit) => {
    const known = (id: string) => ({ id, name: id, contextTokens: null, known: offered.includes(id) });
    if (String(url).endsWith('/discover')) return Response.json(['small', 'middle', 'large'].map(known));
    if (init?.method !== 'POST') return Response.json([]);
    const { providerModel } = JSON.parse(init.body as string) as { providerModel: string };
    offered.push(providerModel);
    const isRefused = offered.length >= refusesFrom;
    return isRefused
      ? Response.json({ code: 'model.exists', status: 409, detail: '' }, { status: 409 })
      : Response.json({ id: providerModel }, { status: 201 });
  });
});
afterEach(() => vi.unstubAllGlobals());

async function offer(...names: string[]): Promise<() => void> {
  const onclose = vi.fn<() => void>();
  render(DiscoverDialog, { providers: new ProvidersState(), connection, onclose });
  for (const name of names) (await screen.findByLabelText(name)).click();
  (await screen.findByRole('button', { name: `Offer ${names.length} models` })).click();
  return onclose;
}

test('models are offered in the order of the list, in whatever order they were chosen', async () => {
  const onclose = await offer('large', 'small');
  await expect.poll(() => vi.mocked(onclose).mock.calls.length).toBe(1);
  expect(offered).toEqual(['small', 'large']);
});

test('one that turns out to be offered already is not chosen any more', async () => {
  refusesFrom = 2;
  await offer('small', 'middle', 'large');
  expect(await screen.findByRole('alert')).toHaveTextContent('offered through this connection already');
  // The first went through, the second is there already, the third is still wanted.
  await screen.findByRole('button', { name: 'Offer 1 model' });
  expect(screen.getByLabelText('large')).toBeChecked();
});
