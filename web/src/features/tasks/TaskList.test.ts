import { render, screen, within } from '@testing-library/svelte';
import type { Turn } from '@parley/sdk/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runningTurns } from '../../api/running-turns.svelte.ts';
import TaskList from './TaskList.svelte';

const now = Date.parse('2026-03-14T12:00:00Z');
const turn = (id: string, conversationId: string | null): Turn => ({
  id,
  conversationId,
  messageId: `reply-${id}`,
  state: 'running',
  model: 'demo/eliza',
  seq: 0,
  createdAt: new Date(now - 75_000).toISOString(),
  finishedAt: null,
});
const turns = [turn('t1', 'c1'), turn('t2', null)];

function serve() {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string, { method }: RequestInit) => {
    asked.push(`${method} ${url}`);
    if (url === '/api/turns') return Response.json(turns);
    if (url === '/api/conversations/c1') return Response.json({ id: 'c1', title: 'Boats' });
    if (url === '/api/models') return Response.json([{ id: 'demo/eliza', name: 'Eliza', isDefault: true }]);
    if (url.endsWith('/stop')) return Response.json(turns[0]);
    return Response.json({ openTurns: { limit: 15 } });
  });
  return asked;
}
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('each running reply has its chat, its model, its time and a Stop', async () => {
  const asked = serve();
  render(TaskList);
  await runningTurns.load();
  const [first, second] = await screen.findAllByRole('listitem');
  expect(await within(first!).findByRole('link', { name: 'Boats' })).toHaveAttribute('href', '/chat/c1');
  expect(await within(first!).findByText('Eliza · 1 min 15 s')).toBeVisible();
  expect(second).toHaveTextContent('Request over the API');
  expect(await screen.findByText('2 of 15')).toBeVisible();

  screen.getByRole('button', { name: 'Stop the reply in Boats' }).click();
  expect(await screen.findByText('Stopping')).toBeVisible();
  await vi.waitFor(() => expect(asked).toContain('POST /api/turns/t1/stop'), { timeout: 60_000 });
});
