import { ApiError, type HttpClient } from '@parley/sdk/client';
import type { Conversation } from '@parley/sdk/contract';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { toasts } from '../../ui/toasts.svelte.ts';
import { ConversationList } from './conversation-list.svelte.ts';
import { ListActs } from './list-acts.ts';
import { makeConversation } from './testing/make-conversation.ts';

beforeEach(() => {
  for (const { id } of toasts.list) toasts.dismiss(id);
});

function setUp() {
  const stored = new Map(['a', 'b'].map((id) => [id, makeConversation({ id })]));
  const state = { fails: false };
  const called: string[] = [];
  const http = async (route: string, { params, body }: { params: { id: string }; body?: Partial<Conversation> }) => {
    called.push(`${route} ${params.id}`);
    if (state.fails) throw new ApiError({ type: '', title: '', status: 503, code: 'x', detail: 'Not now.' });
    return { ...stored.get(params.id), ...body };
  };
  const wire = { http: http as HttpClient, on: () => () => undefined, onConnect: () => () => undefined };
  const list = new ConversationList(wire);
  for (const conversation of stored.values()) list.put(conversation);
  return { list, acts: new ListActs(list, wire.http), called, state, stored: [...stored.values()] };
}
const ids = (list: ConversationList) => list.all.map(({ id }) => id);

describe('acts on chats', () => {
  it('delete at once and can be undone', async () => {
    const { list, acts, called, stored } = setUp();
    await acts.delete(stored);
    expect(ids(list)).toEqual([]);
    expect(toasts.list[0]?.text).toBe('2 chats deleted');
    toasts.list[0]?.action?.run();
    await vi.waitFor(() => expect(ids(list)).toEqual(['a', 'b']), { timeout: 60_000 });
    expect(called).toContain('POST /api/conversations/:id/restore a');
  });

  it('archive, and bring back', async () => {
    const { list, acts, stored } = setUp();
    await acts.archive(stored.slice(0, 1));
    expect(ids(list)).toEqual(['b']);
    toasts.list[0]?.action?.run();
    await vi.waitFor(() => expect(ids(list)).toEqual(['a', 'b']), { timeout: 60_000 });
  });

  it('rename and pin where the row stands', async () => {
    const { list, acts, stored } = setUp();
    const [first] = stored;
    if (first) await acts.rename(first, 'Named');
    if (first) await acts.pin(first);
    expect(list.all[0]).toMatchObject({ id: 'a', pinned: true });
  });

  it('put everything back when the server refuses, and say why', async () => {
    const { list, acts, state, stored } = setUp();
    state.fails = true;
    await acts.delete(stored);
    expect(ids(list)).toEqual(['a', 'b']);
    expect(toasts.list.at(-1)?.text).toBe('Not now.');
  });
});
