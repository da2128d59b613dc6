import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import type { Message } from '@parley/sdk/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChatScreenState } from '../screen/chat-screen.svelte.ts';
import { ConversationCache } from '../store/conversation-cache.ts';
import { conversationId, makeMessage } from '../testing/factories.ts';
import { renderInChat } from '../testing/render-in-chat.ts';
import { ScriptedServer } from '../testing/scripted-server.ts';
import MessageRow from './MessageRow.svelte';

const [first, second] = [makeMessage({ id: 'm1' }), makeMessage({ id: 'm2', position: 2 })];
// The editor is loaded when it is first needed.
beforeEach(async () => void (await import('./MessageEditor.svelte')));
afterEach(() => vi.restoreAllMocks());

function setUp() {
  const nothing = () => undefined;
  const ports = { wire: new ScriptedServer().wire, keepOutgoing: nothing, moved: nothing, grew: nothing };
  const store = new ConversationCache(ports).get(conversationId);
  const { promise, resolve: answer } = Promise.withResolvers<void>();
  const correct = vi.spyOn(store.actions, 'correct').mockReturnValue(promise);
  const chat = new ChatScreenState(() => null);
  vi.spyOn(chat, 'store', 'get').mockReturnValue(store);
  for (const message of [first, second]) {
    const row = { kind: 'message' as const, key: message.id, message };
    renderInChat(chat, MessageRow, { row, last: false, tabbable: false, hovered: false, onversion: nothing });
  }
  const arrive = async () => {
    answer();
    await promise;
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { chat, correct, arrive };
}
async function edit(chat: ChatScreenState, { id }: Message) {
  chat.editing = id;
  return screen.findByRole<HTMLTextAreaElement>('textbox');
}
async function save(box: HTMLTextAreaElement, text: string) {
  await fireEvent.input(box, { target: { value: text } });
  await fireEvent.click(screen.getByRole('button', { name: 'Save only' }));
}

describe('a corrected message', () => {
  it('closes its box when it is saved', async () => {
    const { chat, correct, arrive } = setUp();
    await save(await edit(chat, first), 'better');
    expect(correct).toHaveBeenCalledWith(first, 'better');
    await arrive();
    await waitFor(() => expect(screen.queryByRole('textbox')).toBeNull());
  });

  it.each([
    ['another message', second],
    ['the same message', first],
  ])('that is saved late leaves %s open that is being changed since', async (_, next) => {
    const { chat, arrive } = setUp();
    await save(await edit(chat, first), 'better');
    await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.queryByRole('textbox')).toBeNull());
    const box = await edit(chat, next);
    await fireEvent.input(box, { target: { value: 'begun since' } });
    await arrive();
    expect(chat.editing).toBe(next.id);
    expect(box).toHaveValue('begun since');
    expect(box).toHaveFocus();
  });

  it('stays open for what was typed while it was saved', async () => {
    const { chat, arrive } = setUp();
    const box = await edit(chat, first);
    await save(box, 'better');
    await fireEvent.input(box, { target: { value: 'better still' } });
    await arrive();
    expect(box).toBeInTheDocument();
    expect(box).toHaveValue('better still');
  });
});
