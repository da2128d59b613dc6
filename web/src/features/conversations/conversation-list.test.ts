import { ApiError, type HttpClient } from '@parley/sdk/client';
import type { Conversation } from '@parley/sdk/contract';
import { describe, expect, it, vi } from 'vitest';
import { ConversationList } from './conversation-list.svelte.ts';
import type { FollowingWire } from '../../api/wire.ts';
import { makeConversation } from './testing/make-conversation.ts';

interface Query {
  pinned: 'true' | 'false';
  cursor?: string;
}
const day = (n: number) => `2026-11-${String(n).padStart(2, '0')}T00:00:00.000Z`;

function setUp(conversations: Conversation[]) {
  const listeners = new Map<string, (payload: never) => void>();
  const state = { fails: false, reconnect: () => undefined as void };
  const http = async (route: string, request?: { query: Query }) => {
    if (state.fails) throw new ApiError({ type: '', title: '', status: 0, code: 'network', detail: '' });
    if (route === 'GET /api/turns') return [{ id: 'turn-1', conversationId: 'a' }];
    const wanted = conversations.filter(({ pinned }) => String(pinned) === request?.query.pinned);
    const from = Number(request?.query.cursor ?? 0);
    return { items: wanted.slice(from, from + 2), nextCursor: from + 2 < wanted.length ? String(from + 2) : null };
  };
  const wire: FollowingWire = {
    http: http as HttpClient,
    on: (event, listener) => {
      listeners.set(event, listener);
      return () => listeners.delete(event);
    },
    onConnect: (listener) => {
      state.reconnect = listener;
      return () => undefined;
    },
  };
  const emit = (event: string, payload: unknown) => listeners.get(event)?.(payload as never);
  return { list: new ConversationList(wire), emit, state };
}
const ids = (list: ConversationList) => list.all.map(({ id }) => id);
const chats = ['a', 'b', 'c', 'd', 'e'].map((id, index) => makeConversation({ id, lastActiveAt: day(20 - index) }));

describe('the list of chats', () => {
  it('loads page by page, pinned ones at once', async () => {
    const { list } = setUp([...chats, makeConversation({ id: 'pin', pinned: true, lastActiveAt: day(1) })]);
    list.start();
    await vi.waitFor(() => expect(list.phase).toBe('ready'), { timeout: 60_000 });
    expect(ids(list)).toEqual(['a', 'b', 'pin']);
    await list.loadMore();
    await list.loadMore();
    expect(ids(list)).toEqual(['a', 'b', 'c', 'd', 'e', 'pin']);
    expect(list.hasMore).toBe(false);
  });

  it('changes a title where it stands, and moves a row only for new words', async () => {
    const { list, emit } = setUp(chats.slice(0, 2));
    list.start();
    await vi.waitFor(() => expect(list.phase).toBe('ready'), { timeout: 60_000 });
    emit('conversation:changed', { ...chats[1], title: 'Named by itself' });
    expect(list.all.map(({ title }) => title)).toEqual(['Chat a', 'Named by itself']);
    emit('conversation:changed', { ...chats[1], lastActiveAt: day(21) });
    expect(ids(list)).toEqual(['b', 'a']);
  });

  it('follows what is made, archived and deleted elsewhere', async () => {
    const { list, emit } = setUp(chats.slice(0, 2));
    list.start();
    await vi.waitFor(() => expect(list.phase).toBe('ready'), { timeout: 60_000 });
    emit('conversation:created', makeConversation({ id: 'new', lastActiveAt: day(21) }));
    emit('conversation:changed', { ...chats[0], archived: true });
    emit('conversation:deleted', { id: 'b' });
    expect(ids(list)).toEqual(['new']);
  });

  it('knows where replies run', async () => {
    const { list, emit } = setUp(chats.slice(0, 2));
    list.start();
    await vi.waitFor(() => expect(list.isRunning('a')).toBe(true), { timeout: 60_000 });
    emit('turn:opened', { turn: { id: 'turn-2', conversationId: 'b' } });
    emit('turn:closed', { turn: { id: 'turn-1', conversationId: 'a' } });
    expect([list.isRunning('a'), list.isRunning('b')]).toEqual([false, true]);
  });

  it('keeps what it has when reading again fails', async () => {
    const { list, state } = setUp(chats.slice(0, 2));
    list.start();
    await vi.waitFor(() => expect(list.phase).toBe('ready'), { timeout: 60_000 });
    state.fails = true;
    await list.load();
    expect([list.phase, ids(list)]).toEqual(['ready', ['a', 'b']]);
  });

  it('says that it could not be read at all, and can be asked again', async () => {
    const { list, state } = setUp(chats.slice(0, 2));
    state.fails = true;
    await list.load();
    expect(list.phase).toBe('failed');
    state.fails = false;
    await list.load();
    expect(list.phase).toBe('ready');
  });
});
