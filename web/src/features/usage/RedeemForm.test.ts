import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';
import RedeemForm from './RedeemForm.svelte';

afterEach(() => vi.unstubAllGlobals());

async function redeem(answer: () => Response, code = 'AAAA-BBBB') {
  vi.stubGlobal('fetch', async () => answer());
  const onredeemed = vi.fn<() => void>();
  render(RedeemForm, { onredeemed });
  await fireEvent.input(screen.getByLabelText('Code'), { target: { value: code } });
  await fireEvent.submit(document.querySelector('form')!);
  return onredeemed;
}

test('a good code says what it was worth and empties its box', async () => {
  const onredeemed = await redeem(() => Response.json({ amount: 2_500_000, balance: {} }));
  expect(await screen.findByText('Added 2.5 credits to your balance.')).toBeVisible();
  expect(screen.getByLabelText('Code')).toHaveValue('');
  expect(onredeemed).toHaveBeenCalledOnce();
});

test('a code that does not work stays in its box, with the reason', async () => {
  const problem = { type: 'about:blank', title: 'No', status: 404, code: 'credits.code-not-usable', detail: 'No' };
  const headers = { 'content-type': 'application/problem+json' };
  const onredeemed = await redeem(() => Response.json(problem, { status: 404, headers }));
  const box = screen.getByLabelText('Code');
  await waitFor(() => expect(box).toBeInvalid());
  expect(box).toHaveAccessibleDescription('This code does not exist, has expired, or has been used up.');
  expect(box).toHaveValue('AAAA-BBBB');
  expect(onredeemed).not.toHaveBeenCalled();
});

test('no code at all is asked for', async () => {
  await redeem(() => Response.json({}), ' ');
  expect(screen.getByLabelText('Code')).toHaveAccessibleDescription('Enter the code you were given.');
});
