import { render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { chatOf } from './screen/page-chats.ts';
import ChatScreen from './ChatScreen.svelte';

const patiently = { timeout: 60_000 };
const loads = vi.hoisted(() => vi.fn<() => Promise<unknown>>(() => new Promise(() => {})));
vi.mock('./load-once.ts', () => ({ loadOnce: () => loads }));
beforeEach(() => {
  vi.stubGlobal('fetch', () => new Promise(() => {}));
});

test('a log that could not be loaded is tried again', async () => {
  loads.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  const chat = chatOf('c1');
  vi.spyOn(chat, 'phase', 'get').mockReturnValue('ready');
  vi.spyOn(chat, 'activate').mockResolvedValue(undefined);
  render(ChatScreen, { conversationId: 'c1' });
  const again = await screen.findByRole('button', { name: 'Try again' }, patiently);
  again.click();
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull(), patiently);
});
