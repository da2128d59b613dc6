import { ApiError } from '@parley/sdk/client';
import { screen } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { problem, ScriptedServer } from '../testing/scripted-server.ts';
import { conversationId, makePath } from '../testing/factories.ts';
import { renderInChat } from '../testing/render-in-chat.ts';
import { ConversationCache } from '../store/conversation-cache.ts';
import type { ChatScreenState } from './chat-screen.svelte.ts';
import ChatTopBar from './ChatTopBar.svelte';

async function barAfter(answer: Error | null): Promise<void> {
  const server = new ScriptedServer(makePath(2));
  if (answer !== null) vi.spyOn(server.wire, 'http').mockRejectedValue(answer);
  const chats = new ConversationCache({
    wire: server.wire,
    keepOutgoing: () => undefined,
    moved: () => undefined,
    grew: () => undefined,
  });
  const store = chats.get(conversationId);
  await store.activate();
  const chat = { store, panelOpen: false } as Partial<ChatScreenState> as ChatScreenState;
  renderInChat(chat, ChatTopBar, {});
}
const heading = () => screen.getByRole('heading', { level: 1 });

describe('the bar above a chat', () => {
  it('names the chat, and offers its panel', async () => {
    await barAfter(null);
    expect(heading()).toHaveTextContent('A chat');
    expect(screen.getByRole('button', { name: /panel/ })).toBeVisible();
  });

  it('says of one that was deleted that it was, and offers nothing about it', async () => {
    await barAfter(new ApiError(problem('conversation.deleted', 404)));
    expect(heading()).toHaveTextContent('This chat was deleted');
    expect(screen.queryByRole('button', { name: /panel|deleted/ })).toBeNull();
  });

  it('does not take for new what is unknown or could not be loaded', async () => {
    await barAfter(new ApiError(problem('conversation.not-found', 404)));
    expect(heading()).toHaveTextContent('This chat is not here');
    document.body.replaceChildren();
    await barAfter(new ApiError(problem('internal', 500)));
    expect(heading()).toHaveTextContent("Couldn't load this chat");
  });
});
