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
  const state = {
    fails: false,
    reconnect: () => undefined as void,
    rows: conversations,
    turns: [{ id: 'turn-1', conversationId: 'a' }],
    /** Answers are made at once and wait for it. */
    slow: Promise.resolve(),
    asked: 0,
  };
  const http = async (route: string, request?: { query: Query }) => {
    state.asked++;
    const answer = answerOf(route, request);
    await state.slow;
    return answer;
  };
  const answerOf = (route: string, request?: { query: Query }) => {
    if (state.fails) throw new ApiError({ type: '', title: '', status: 0, code: 'network', detail: '' });
    if (route === 'GET /api/turns') return state.turns;
    const wanted = state.rows.filter(({ pinned }) => String(pinned) === request?.query.pinned);
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
    emit('conversation:deleted', { id: 'b', revision: 2 });
    expect(ids(list)).toEqual(['new']);
  });

  it('keeps what happens while it is read', async () => {
    const { list, emit, state } = setUp(chats.slice(0, 2));
    list.start();
    await vi.waitFor(() => expect(list.phase).toBe('ready'), { timeout: 60_000 });
    const { promise, resolve } = Promise.withResolvers<void>();
    state.slow = promise;
    const loaded = list.load();
    await vi.waitFor(() => expect(state.asked).toBe(6), { timeout: 60_000 });
    emit('conversation:created', makeConversation({ id: 'new', lastActiveAt: day(21) }));
    emit('conversation:changed', { ...chats[1], title: 'Renamed', revision: 2 });
    emit('conversation:deleted', { id: 'a', revision: 2 });
    emit('turn:opened', { turn: { id: 'turn-2', conversationId: 'b' } });
    const seen = () => [ids(list), list.all.at(-1)?.title, list.isRunning('b')];
    expect(seen()).toEqual([['new', 'b'], 'Renamed', true]);
    resolve();
    await loaded;
    expect(seen()).toEqual([['new', 'b'], 'Renamed', true]);
  });

  it('reads again when the connection came while it was read, because nobody repeats what was said before', async () => {
    const { list, state } = setUp(chats.slice(0, 1));
    const { promise, resolve } = Promise.withResolvers<void>();
    state.slow = promise;
    list.start();
    await vi.waitFor(() => expect(state.asked).toBe(3), { timeout: 60_000 });
    state.rows = chats.slice(0, 2);
    state.reconnect();
    resolve();
    await vi.waitFor(() => expect(ids(list)).toEqual(['a', 'b']), { timeout: 60_000 });
  });

  it('believes the later word, whichever comes last', async () => {
    const { list, emit } = setUp([{ ...chats[0]!, revision: 5 }, chats[1]!]);
    list.start();
    await vi.waitFor(() => expect(list.phase).toBe('ready'), { timeout: 60_000 });
    emit('conversation:changed', { ...chats[0], title: 'An old name', revision: 4 });
    emit('conversation:deleted', { id: 'b', revision: 3 });
    emit('conversation:changed', { ...chats[1], revision: 2 });
    expect(list.all.map(({ title }) => title)).toEqual(['Chat a']);
    emit('conversation:created', { ...chats[1], revision: 4 });
    expect(ids(list)).toEqual(['a', 'b']);
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
