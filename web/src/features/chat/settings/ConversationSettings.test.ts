import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { ChatScreenState } from '../screen/chat-screen.svelte.ts';
import { ConversationCache } from '../store/conversation-cache.ts';
import ChatHarness from '../testing/ChatHarness.svelte';
import { conversationId, makeConversation } from '../testing/factories.ts';
import { ScriptedServer } from '../testing/scripted-server.ts';
import ConversationSettings from './ConversationSettings.svelte';

function setUp() {
  const nothing = () => undefined;
  const ports = { wire: new ScriptedServer().wire, keepOutgoing: nothing, moved: nothing, grew: nothing };
  const store = new ConversationCache(ports).get(conversationId);
  const { promise, resolve: answer } = Promise.withResolvers<void>();
  vi.spyOn(store.actions, 'change').mockReturnValue(promise);
  const chat = new ChatScreenState(() => null);
  vi.spyOn(chat, 'store', 'get').mockReturnValue(store);
  chat.settingsOpen = true;
  const given = { conversation: makeConversation() };
  const { unmount } = render(ChatHarness, { chat, component: ConversationSettings as never, given });
  const save = () => fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  const arrive = async () => {
    answer();
    await promise;
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { chat, save, arrive, unmount };
}

it('settings close when they are saved', async () => {
  const { chat, save, arrive } = setUp();
  await save();
  expect(chat.settingsOpen).toBe(true);
  await arrive();
  await waitFor(() => expect(chat.settingsOpen).toBe(false));
});

it('settings that are saved late leave those open that were opened since, of this chat or another', async () => {
  const { chat, save, arrive, unmount } = setUp();
  await save();
  chat.settingsOpen = false;
  unmount();
  chat.settingsOpen = true;
  await arrive();
  expect(chat.settingsOpen).toBe(true);
});
