import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { loadMarkdown } from '../markdown/markdown-loader.ts';
import { ChatScreenState } from '../screen/chat-screen.svelte.ts';
import { makeMessage, makePath } from '../testing/factories.ts';
import { openTab } from '../testing/open-chat.ts';
import { renderInChat } from '../testing/render-in-chat.ts';
import { problem, ScriptedServer } from '../testing/scripted-server.ts';
import { messageActs } from './message-acts.ts';
import ReplyStatus from './ReplyStatus.svelte';

beforeAll(() => loadMarkdown());

async function setUp() {
  const message = makeMessage({ id: 'm2', parentId: 'm1', role: 'assistant', status: 'stopped', position: 2 });
  const server = new ScriptedServer([...makePath(1), message]);
  const store = await openTab(server);
  const chat = new ChatScreenState(() => null);
  vi.spyOn(chat, 'store', 'get').mockReturnValue(store);
  const given = { message, status: 'stopped' as const, failure: null, empty: false };
  renderInChat(chat, ReplyStatus, { ...given, acts: messageActs(chat, message, () => undefined) });
  const sends = () => server.asked.filter(({ event }) => event === 'chat:send').length;
  return { server, store, sends, goOn: screen.getByRole('button', { name: 'Continue' }) };
}

describe('Continue after a reply that was stopped', () => {
  it('sends its words once, however often it is pressed', async () => {
    const { store, sends, goOn } = await setUp();
    goOn.click();
    goOn.click();
    await fireEvent.click(goOn);
    await waitFor(() => expect(store.outbox.items).toEqual([]));
    expect(sends()).toBe(1);
  });

  it('is offered no more once the chat has gone on', async () => {
    const { store, sends, goOn } = await setUp();
    await fireEvent.click(goOn);
    await waitFor(() => expect(store.path.items).toHaveLength(4));
    await waitFor(() => expect(goOn).not.toBeInTheDocument());
    goOn.click();
    expect(sends()).toBe(1);
  });

  it('waits for words that the server did not take', async () => {
    const { server, store, goOn } = await setUp();
    server.refusal = problem('limits.user-turns', 429);
    await fireEvent.click(goOn);
    await waitFor(() => expect(goOn).toBeDisabled());
    store.outbox.cancel(store.outbox.items[0]?.clientTurnId ?? '');
    await waitFor(() => expect(goOn).toBeEnabled());
  });
});
