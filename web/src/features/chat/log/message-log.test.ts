import { fireEvent, screen } from '@testing-library/svelte';
import { beforeAll, expect, it, vi } from 'vitest';
import { loadMarkdown } from '../markdown/markdown-loader.ts';
import { ChatScreenState } from '../screen/chat-screen.svelte.ts';
import { makePath } from '../testing/factories.ts';
import { openTab } from '../testing/open-chat.ts';
import { renderInChat } from '../testing/render-in-chat.ts';
import { ScriptedServer } from '../testing/scripted-server.ts';
import MessageLog from './MessageLog.svelte';

beforeAll(() => loadMarkdown());

async function setUp() {
  const server = new ScriptedServer(makePath(4));
  const store = await openTab(server);
  const chat = new ChatScreenState(() => null);
  vi.spyOn(chat, 'store', 'get').mockReturnValue(store);
  renderInChat(chat, MessageLog, { store });
  const articles = screen.getAllByRole('article');
  articles.at(-1)?.focus();
  return { chat, store, articles };
}
const press = (key: string, repeat: boolean) => fireEvent.keyDown(document.activeElement ?? document, { key, repeat });

it('a key that is held down walks on, but acts once', async () => {
  const { chat, store, articles } = await setUp();
  const regenerate = vi.spyOn(store.actions, 'regenerate').mockResolvedValue();
  await press('r', false);
  await press('r', true);
  expect(regenerate).toHaveBeenCalledTimes(1);
  await press('ArrowUp', false);
  await press('ArrowUp', true);
  expect(articles[1]).toHaveFocus();
  await press('e', true);
  expect(chat.editing).toBeNull();
});
