import type { Tier } from '@parley/sdk/contract';
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import TierDialog from './TierDialog.svelte';

const free: Tier = {
  id: 'free',
  name: 'Free',
  isDefault: true,
  position: 0,
  requestsPerMinute: 20,
  requestsPerDay: 500,
  tokensPerDay: null,
  openTurnsPerUser: 15,
  openTurnsPerConversation: 5,
  contextTokens: null,
  attachmentsPerMessage: 4,
  attachmentBytes: 10_000_000,
  allowedModels: null,
  signUpGrant: 50_000_000,
  monthlyGrant: 0,
};
let sent: unknown[];
let answer: () => Response;
beforeEach(() => {
  sent = [];
  vi.stubGlobal('fetch', async (_url: string | URL, init?: RequestInit) => {
    sent.push(JSON.parse(init?.body as string));
    return answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

function open(tier: Tier | null) {
  const onclose = vi.fn<() => void>();
  render(TierDialog, { tier, pattern: free, models: ['demo/demo'], ondone: () => undefined, onclose });
  return onclose;
}
async function type(label: string, value: string): Promise<void> {
  await fireEvent.input(screen.getByLabelText(label), { target: { value } });
}
const submit = () => fireEvent.submit(document.querySelector('form')!);

test('an id that is taken is said at the id', async () => {
  answer = () =>
    Response.json(
      {
        type: 'about:blank',
        title: 'Taken',
        status: 409,
        code: 'tier.exists',
        detail: 'Taken',
        params: { id: 'free' },
      },
      { status: 409, headers: { 'content-type': 'application/problem+json' } },
    );
  const onclose = open(null);
  await type('Name', 'Also free');
  await type('Id', 'free');
  await submit();
  await waitFor(() => expect(screen.getByLabelText('Id')).toBeInvalid());
  expect(screen.getByLabelText('Id')).toHaveAccessibleDescription(/There is a tier called/);
  expect(screen.queryByRole('alert')).toBeNull();
  expect(onclose).not.toHaveBeenCalled();
});

test('a new tier begins as the one of newcomers, and takes credits as people write them', async () => {
  answer = () => Response.json({ ...free, id: 'plus', name: 'Plus' }, { status: 201 });
  const onclose = open(null);
  await type('Name', 'Plus');
  await type('Id', 'plus');
  await type('Messages in a day', '');
  await type('Credits each month', '2.5');
  await submit();
  await waitFor(() => expect(onclose).toHaveBeenCalled());
  expect(sent).toMatchObject([
    {
      id: 'plus',
      name: 'Plus',
      requestsPerMinute: 20,
      requestsPerDay: null,
      monthlyGrant: 2_500_000,
      allowedModels: null,
    },
  ]);
});

test('what must be a number is asked for at its box', async () => {
  open(free);
  await type('Messages in a minute', '');
  await submit();
  expect(screen.getByLabelText('Messages in a minute')).toBeInvalid();
  expect(sent).toEqual([]);
});
