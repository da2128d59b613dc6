import type { AdminUserDetail, Balance } from '@parley/sdk/contract';
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';
import BookDialog from './BookDialog.svelte';

afterEach(() => vi.unstubAllGlobals());
const person = { id: '00000000-0000-4000-8000-000000000001', nickname: 'Mira' } as AdminUserDetail;
const balance = { available: 10_000_000, held: 0 } as Balance;

async function type(label: string, value: string): Promise<void> {
  await fireEvent.input(screen.getByLabelText(label), { target: { value } });
}
const submit = () => fireEvent.submit(document.querySelector('form')!);

test('pressing again after an answer that never came books nothing twice', async () => {
  const sent: { url: string; body: Record<string, unknown> }[] = [];
  vi.stubGlobal('fetch', async (url: string | URL, init?: RequestInit) => {
    sent.push({ url: String(url), body: JSON.parse(init?.body as string) as Record<string, unknown> });
    if (sent.length === 1) throw new TypeError('fetch failed');
    return Response.json({ ...balance, available: 13_000_000 });
  });
  const onclose = vi.fn<() => void>();
  render(BookDialog, { person, balance, ondone: () => undefined, onclose });
  await type('Amount', '3');
  expect(screen.getByText('Afterwards 13 credits are available.')).toBeVisible();
  await type('Reason', 'Thanks');
  await submit();
  await screen.findByRole('alert');
  await submit();
  await waitFor(() => expect(onclose).toHaveBeenCalled());
  expect(sent.map(({ url }) => url)).toEqual(Array(2).fill(`/api/admin/users/${person.id}/grants`));
  expect(sent[0]?.body).toMatchObject({ amount: 3_000_000, reason: 'Thanks' });
  expect(sent[1]?.body).toEqual(sent[0]?.body);
});

test('taking something off is a correction below nothing', async () => {
  const sent: unknown[] = [];
  vi.stubGlobal('fetch', async (url: string | URL, init?: RequestInit) => {
    sent.push([String(url), JSON.parse(init?.body as string)]);
    return Response.json(balance);
  });
  const onclose = vi.fn<() => void>();
  render(BookDialog, { person, balance, ondone: () => undefined, onclose });
  await fireEvent.click(screen.getByLabelText('Correct downwards'));
  await type('Amount', '4');
  await type('Reason', 'Booked twice');
  await submit();
  await waitFor(() => expect(onclose).toHaveBeenCalled());
  expect(sent).toMatchObject([[`/api/admin/users/${person.id}/adjustments`, { amount: -4_000_000 }]]);
});
