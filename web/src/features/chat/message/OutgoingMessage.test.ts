import { screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { ChatScreenState } from '../screen/chat-screen.svelte.ts';
import type { Outgoing } from '../store/outbox.svelte.ts';
import { renderInChat } from '../testing/render-in-chat.ts';
import { problem } from '../testing/scripted-server.ts';
import OutgoingMessage from './OutgoingMessage.svelte';

const now = Date.parse('2026-11-21T10:00:00.000Z');
const refused: Outgoing = {
  clientTurnId: 'sent-by-me',
  text: 'Hello',
  parentId: undefined,
  state: 'refused',
  problem: { ...problem('limit.exceeded', 429), retryAfter: 12 },
  retryAtMs: now + 12_000,
  createdAt: new Date(now).toISOString(),
  landed: false,
};
afterEach(() => void vi.useRealTimers());

it('a refused message counts down until it is worth trying again', async () => {
  vi.useFakeTimers({ now });
  renderInChat(new ChatScreenState(() => null), OutgoingMessage, { outgoing: refused });
  expect(screen.getByText(/^Not sent\./)).toHaveTextContent('Try again in 12 s.');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(screen.getByText(/^Not sent\./)).toHaveTextContent('Try again in 7 s.');
  await vi.advanceTimersByTimeAsync(7_000);
  expect(screen.getByText(/^Not sent\./)).toHaveTextContent(/^Not sent\.$/);
  expect(screen.getByRole('button', { name: 'Try again' })).toBeVisible();
});
