import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ChatScreenState } from '../screen/chat-screen.svelte.ts';
import { renderInChat } from '../testing/render-in-chat.ts';
import Composer from './Composer.svelte';
import { limits } from '../../../api/limits.svelte.ts';
import { models } from '../../../api/models.svelte.ts';
import { ConversationStore } from '../store/conversation-store.svelte.ts';
import { conversationId, makeConversation } from '../testing/factories.ts';
import { ScriptedServer } from '../testing/scripted-server.ts';
import { ComposerState } from './composer.svelte.ts';

const modelFacts = { provider: 'Demo', contextTokens: 8_000, vision: false, tools: false, isDefault: true };

function setUp(sends = true) {
  const chat = new ChatScreenState(() => null);
  const send = vi.spyOn(chat, 'send').mockResolvedValue(sends);
  renderInChat(chat, Composer, { conversationId: null });
  const box = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' });
  return { chat, send, box };
}
beforeEach(() => vi.restoreAllMocks());

describe('the composer', () => {
  it('sends with Enter and is empty then', async () => {
    const { send, box } = setUp();
    await fireEvent.input(box, { target: { value: '  Hello ' } });
    await fireEvent.keyDown(box, { key: 'Enter', keyCode: 13 });
    expect(send).toHaveBeenCalledWith('Hello');
    await waitFor(() => expect(box.value).toBe(''), { timeout: 60_000 });
  });

  it('does not send while an input method is composing', async () => {
    const { send, box } = setUp();
    await fireEvent.input(box, { target: { value: '你好' } });
    await fireEvent.keyDown(box, { key: 'Enter', keyCode: 13, isComposing: true });
    await fireEvent.keyDown(box, { key: 'Enter', keyCode: 229 });
    expect(send).not.toHaveBeenCalled();
    await fireEvent.keyDown(box, { key: 'Enter', keyCode: 13 });
    expect(send).toHaveBeenCalledWith('你好');
  });

  it('keeps the words when the chat could not be made', async () => {
    const { box } = setUp(false);
    await fireEvent.input(box, { target: { value: 'precious' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Send' }));
    await tick();
    expect(box.value).toBe('precious');
  });

  it('sends nothing when there is nothing to say', async () => {
    const { send, box } = setUp();
    expect(screen.getByRole('button', { name: 'Send' })).toBeDisabled();
    await fireEvent.input(box, { target: { value: ' \n ' } });
    await fireEvent.keyDown(box, { key: 'Enter', keyCode: 13 });
    expect(send).not.toHaveBeenCalled();
  });

  it('says why something too long can not be sent, and lets one go on typing', async () => {
    vi.spyOn(limits, 'maxMessageChars', 'get').mockReturnValue(10);
    const { box } = setUp();
    await fireEvent.input(box, { target: { value: 'x'.repeat(13) } });
    expect(screen.getByText(/3 characters too many/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Send' })).toBeDisabled();
    expect(box).toBeEnabled();
  });

  it('puts words that were taken back before those typed since', async () => {
    const { chat, box } = setUp();
    await fireEvent.input(box, { target: { value: 'typed since' } });
    chat.returned = { text: 'taken back' };
    await waitFor(() => expect(box.value).toBe('taken back\ntyped since'), { timeout: 60_000 });
  });

  it('takes no more words and no other model while the first ones make the chat', async () => {
    vi.spyOn(models, 'list', 'get').mockReturnValue([{ ...modelFacts, id: 'demo/one', name: 'One' }]);
    const { chat, box } = setUp();
    chat.starting = true;
    await tick();
    expect(box).toHaveAttribute('readonly');
    expect(screen.getByRole('button', { name: /^Model:/ })).toBeDisabled();
    chat.starting = false;
    await tick();
    expect(box).not.toHaveAttribute('readonly');
    expect(screen.getByRole('button', { name: /^Model:/ })).toBeEnabled();
  });

  it('clears nothing but what was sent', async () => {
    const { send, box } = setUp();
    const { promise, resolve: made } = Promise.withResolvers<boolean>();
    send.mockReturnValue(promise);
    await fireEvent.input(box, { target: { value: 'Hello' } });
    await fireEvent.keyDown(box, { key: 'Enter', keyCode: 13 });
    // Such as words from another tab.
    await fireEvent.input(box, { target: { value: 'Hello, and more' } });
    made(true);
    await promise;
    await tick();
    expect(box.value).toBe('Hello, and more');
  });

  it('shows a chosen model before the server has it, and the old one again when it refuses', async () => {
    const chat = new ChatScreenState(() => null);
    const store = new ConversationStore(conversationId, {
      wire: new ScriptedServer().wire,
      keepOutgoing: () => undefined,
      moved: () => undefined,
      grew: () => undefined,
    });
    store.begin(makeConversation({ model: 'demo/old' }));
    vi.spyOn(chat, 'store', 'get').mockReturnValue(store);
    const { promise, reject: refuse } = Promise.withResolvers<void>();
    vi.spyOn(store.actions, 'change').mockReturnValue(promise);
    const composer = new ComposerState(chat, conversationId);
    const chosen = composer.chooseModel('demo/new');
    expect(composer.modelId).toBe('demo/new');
    refuse(new Error('no'));
    await expect(chosen).rejects.toThrow('no');
    expect(composer.modelId).toBe('demo/old');
  });
});
