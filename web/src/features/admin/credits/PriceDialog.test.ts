import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pricesByModel } from './price-versions.ts';
import PriceDialog from './PriceDialog.svelte';

const current = {
  id: '00000000-0000-4000-8000-000000000001',
  model: 'demo/demo',
  validFrom: '2026-01-01T00:00:00.000Z',
  perMessage: 200_000,
  per1kInput: 1_000_000,
  per1kOutput: 3_000_000,
  per1kReasoning: null,
  per1kCachedInput: null,
  perImage: 0,
  perVideoSecond: 0,
  createdAt: '2026-01-01T00:00:00.000Z',
};
let sent: unknown[];
beforeEach(() => {
  sent = [];
  vi.stubGlobal('fetch', async (_url: string | URL, init?: RequestInit) => {
    sent.push(JSON.parse(init?.body as string));
    return Response.json(current, { status: 201 });
  });
});
afterEach(() => vi.unstubAllGlobals());

function open() {
  const done = { ondone: vi.fn<() => void>(), onclose: vi.fn<() => void>() };
  const prices = pricesByModel([current]);
  render(PriceDialog, { model: 'demo/demo', models: [], prices, nameOf: (id: string) => id, ...done });
  return done;
}
const submit = () => fireEvent.submit(document.querySelector('form')!);

test('a price is told in words while it is typed, beside the one that holds', async () => {
  open();
  expect(screen.getByText('A message of 1,000 + 500 tokens costs 2.7 credits.')).toBeVisible();
  await fireEvent.input(screen.getByLabelText('Per 1,000 tokens written'), { target: { value: '1' } });
  expect(screen.getByText('A message of 1,000 + 500 tokens costs 1.7 credits.')).toBeVisible();
  expect(screen.getByText('At the current price: 2.7 credits.')).toBeVisible();
});

test('what is no amount is said at its box, and nothing is sent', async () => {
  const { onclose } = open();
  const box = screen.getByLabelText('Per message');
  await fireEvent.input(box, { target: { value: 'one' } });
  await submit();
  expect(box).toBeInvalid();
  expect(box).toHaveAccessibleDescription(/An amount is needed/);
  expect(sent).toEqual([]);
  expect(onclose).not.toHaveBeenCalled();
});

test('a new version begins with the figures of the one that holds', async () => {
  const { onclose } = open();
  await fireEvent.input(screen.getByLabelText('Per message'), { target: { value: '' } });
  await submit();
  await waitFor(() => expect(onclose).toHaveBeenCalled());
  const { model, perMessage, per1kInput, per1kOutput, per1kReasoning } = current;
  expect(perMessage).not.toBe(0);
  expect(sent).toMatchObject([{ model, perMessage: 0, per1kInput, per1kOutput, per1kReasoning }]);
});
