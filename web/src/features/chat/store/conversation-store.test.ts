import { ApiError } from '@parley/sdk/client';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadMarkdown } from '../markdown/markdown-loader.ts';
import { conversationId, makeMessage, makePath, makeTurn } from '../testing/factories.ts';
import { cacheOf, openTab } from '../testing/open-chat.ts';
import { problem, ScriptedServer } from '../testing/scripted-server.ts';
import type { ConversationStore } from './conversation-store.svelte.ts';

beforeAll(() => loadMarkdown());
beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', (callback: (now: number) => void) =>
    setTimeout(() => callback(Date.now()), 0),
  );
});

const shown = (store: ConversationStore) =>
  store.rows.map((row) => (row.kind === 'message' ? row.message.text : `(${row.outgoing.text})`));
const liveText = (store: ConversationStore, turnId: string) => store.live.reply(turnId)?.text;
const until = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 2 });

describe('opening a conversation', () => {
  it('shows its end and joins it', async () => {
    const server = new ScriptedServer(makePath(100));
    const store = await openTab(server);
    expect(store.phase).toBe('ready');
    expect(store.path.items.map(({ id }) => id)).toEqual(
      makePath(100)
        .slice(60)
        .map(({ id }) => id),
    );
    expect(server.asked).toContainEqual({ event: 'conversation:join', input: { conversationId, turns: [] } });
  });

  it('picks up a reply that is in the middle of its work', async () => {
    const server = new ScriptedServer();
    const { turn } = server.open('hi', null, 'client-1');
    server.say(turn.id, 'Hel', 'lo');
    const store = await openTab(server);
    expect(liveText(store, turn.id)).toBe('Hello');
    server.say(turn.id, ' there');
    server.finish(turn.id);
    expect(store.path.items.at(-1)).toMatchObject({ text: 'Hello there', status: 'done' });
    expect(store.live.open).toEqual([]);
  });

  it('counts the time of a reply from when it began, not from when the page was opened', async () => {
    const server = new ScriptedServer();
    const { turn } = server.open('hi', null, 'client-1');
    const createdAt = new Date(Date.now() - 7_000).toISOString();
    server.turns.set(turn.id, { turn: { ...turn, createdAt }, log: [] });
    const store = await openTab(server);
    expect(store.live.open.map(({ since }) => since)).toEqual([Date.parse(createdAt)]);
  });

  it('says when there is none, which nobody can bring back', async () => {
    const server = new ScriptedServer();
    const http = vi.spyOn(server.wire, 'http').mockRejectedValue(new ApiError(problem('x', 404)));
    const store = await openTab(server);
    expect(store.phase).toBe('missing');
    http.mockRestore();
  });

  it('knows from the answer one that its owner deleted before the page was opened', async () => {
    const server = new ScriptedServer(makePath(2));
    const http = vi.spyOn(server.wire, 'http').mockRejectedValue(new ApiError(problem('conversation.deleted', 404)));
    const store = await openTab(server);
    expect(store.phase).toBe('deleted');
    http.mockRestore();
    server.emit('conversation:created', server.conversation);
    await until(() => expect(store.phase).toBe('ready'));
  });

  it('knows one that was deleted, also when it is opened later', async () => {
    const server = new ScriptedServer(makePath(2));
    const cache = cacheOf(server);
    server.emit('conversation:deleted', { id: conversationId, revision: 2 });
    const store = cache.get(conversationId);
    await store.activate();
    expect(store.phase).toBe('deleted');
    server.emit('conversation:created', server.conversation);
    await until(() => expect(store.phase).toBe('ready'));
  });
});

describe('sending', () => {
  it('shows the words at once and the turn when it opens', async () => {
    const server = new ScriptedServer(makePath(2));
    const store = await openTab(server);
    const sending = store.actions.send('new words');
    expect(shown(store).at(-1)).toBe('(new words)');
    await sending;
    await until(() => expect(store.outbox.items).toEqual([]));
    expect(store.path.items.map(({ id }) => id)).toEqual(['m1', 'm2', 'sent-1', 'reply-1']);
    expect(store.rows).toHaveLength(4);
  });

  it('keeps the bubble it drew when the message arrives', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    void store.actions.send('new words');
    const before = store.rows.find((row) => row.kind === 'outgoing')?.key;
    await until(() => expect(store.outbox.items).toEqual([]));
    expect(store.rows[0]?.key).toBe(before);
  });

  it('waits while offline, in order, and sends when the connection is back', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    server.disconnect();
    await store.actions.send('one');
    await store.actions.send('two');
    expect(store.outbox.waiting).toBe(2);
    server.reconnect();
    await until(() => expect(store.outbox.items).toEqual([]));
    expect(server.path.filter(({ role }) => role === 'user').map(({ text }) => text)).toEqual(['one', 'two']);
    await until(() => expect(store.path.items).toHaveLength(4));
  });

  it('keeps words that were sent from the middle of a chat without a connection', async () => {
    const server = new ScriptedServer(makePath(100));
    const store = await openTab(server);
    await store.loadAround('m10');
    server.disconnect();
    await expect(store.actions.send('from afar')).rejects.toThrow(ApiError);
    expect(store.outbox.items.map(({ text }) => text)).toEqual(['from afar']);
    server.reconnect();
    await until(() => expect(server.path.at(-2)?.text).toBe('from afar'));
    await until(() => expect(shown(store).slice(-2)).toEqual(['from afar', '']));
  });

  it('sends nothing twice when the answer was lost', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    server.losesAnswers = true;
    await store.actions.send('once');
    await until(() => expect(store.outbox.waiting).toBe(1));
    server.losesAnswers = false;
    server.reconnect();
    await until(() => expect(store.outbox.items).toEqual([]));
    expect(server.path).toHaveLength(2);
    expect(shown(store)).toEqual(['once', '']);
  });

  it('shows one bubble when the turn is announced before its answer', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    server.losesAnswers = true;
    await store.actions.send('once');
    await until(() => expect(server.path).toHaveLength(2));
    expect(shown(store)).toEqual(['once', '']);
  });

  it('does not bring back from storage what it sent itself', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    await store.actions.send('once');
    const kept = store.outbox.items;
    await until(() => expect(store.outbox.items).toEqual([]));
    store.outbox.restore(kept);
    expect(shown(store)).toEqual(['once', '']);
    expect(server.asked.filter(({ event }) => event === 'chat:send')).toHaveLength(1);
  });

  it('sends what a reload left behind', async () => {
    const [before, server] = [new ScriptedServer(), new ScriptedServer()];
    before.disconnect();
    const old = await openTab(before);
    await old.actions.send('left behind');
    const store = await openTab(server);
    store.outbox.restore(old.outbox.items);
    await until(() => expect(shown(store)).toEqual(['left behind', '']));
  });

  it('gives a waiting message back', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    server.disconnect();
    await store.actions.send('never mind');
    const [item] = store.outbox.items;
    expect(store.outbox.cancel(item?.clientTurnId ?? '')).toBe('never mind');
    server.reconnect();
    expect(server.path).toEqual([]);
  });

  it('keeps a refused message with its reason, and sends it on Retry', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    server.refusal = problem('limits.user-turns', 429);
    await store.actions.send('too much');
    await until(() => expect(store.outbox.items[0]).toMatchObject({ state: 'refused', problem: server.refusal }));
    const id = store.outbox.items[0]?.clientTurnId ?? '';
    server.refusal = null;
    store.outbox.retry(id);
    await until(() => expect(shown(store)).toEqual(['too much', '']));
  });

  it('shows an edited message as a new branch before the server answered', async () => {
    const server = new ScriptedServer(makePath(6));
    const store = await openTab(server);
    const [, , third] = store.path.items;
    store.actions.resend(third ?? makeMessage({ id: 'none' }), 'better');
    expect(shown(store)).toEqual(['text of m1', 'text of m2', '(better)']);
    await until(() => expect(shown(store)).toEqual(['text of m1', 'text of m2', 'better', '']));
  });
});

describe('a server that is busy with itself', () => {
  const away = { ...problem('database.unavailable', 503), retryAfter: 0.01 };

  it('is asked again to let one in', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    vi.spyOn(server.wire, 'ask').mockRejectedValueOnce(new ApiError(away));
    await store.join();
    await until(() => expect(server.asked.filter(({ event }) => event === 'conversation:join')).toHaveLength(2));
  });

  it('gets the words when it is ready, without anybody pressing Retry', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    server.refusal = away;
    await store.actions.send('patience');
    await until(() => expect(store.outbox.items[0]).toMatchObject({ state: 'waiting', problem: away }));
    server.refusal = null;
    await until(() => expect(shown(store)).toEqual(['patience', '']));
  });

  it('lets nobody pass a message that was refused, and both go when it is tried again', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    server.refusal = problem('limits.user-turns', 429);
    await store.actions.send('one');
    await until(() => expect(store.outbox.items[0]?.state).toBe('refused'));
    await store.actions.send('two');
    await until(() => expect(store.outbox.items.map(({ state }) => state)).toEqual(['refused', 'waiting']));
    server.refusal = null;
    store.outbox.retry(store.outbox.items[1]!.clientTurnId);
    await until(() => expect(shown(store)).toEqual(['one', '', 'two', '']));
  });
});

describe('a connection that breaks', () => {
  it('resumes a running reply without a gap or a doubled word', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    const { turn } = server.open('hi', null, 'client-1');
    server.say(turn.id, 'a', 'b');
    server.disconnect();
    server.say(turn.id, 'c', 'd');
    server.reconnect();
    server.say(turn.id, 'e');
    await until(() => expect(liveText(store, turn.id)).toBe('abcde'));
    expect(server.asked).toContainEqual({
      event: 'conversation:join',
      input: { conversationId, turns: [{ turnId: turn.id, afterSeq: 2 }] },
    });
  });

  it('shows what finished meanwhile', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    const { turn } = server.open('hi', null, 'client-1');
    server.say(turn.id, 'a');
    server.disconnect();
    server.say(turn.id, 'b');
    server.finish(turn.id);
    server.open('later', undefined, 'client-2');
    server.reconnect();
    await until(() => expect(shown(store)).toEqual(['hi', 'ab', 'later', '']));
  });

  it('joins again when a frame was lost', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    const { turn } = server.open('hi', null, 'client-1');
    server.say(turn.id, 'a');
    server.connected = false;
    server.say(turn.id, 'b');
    server.connected = true;
    server.say(turn.id, 'c');
    await until(() => expect(liveText(store, turn.id)).toBe('abc'));
  });
});

describe('an answer that is slow', () => {
  /** Holds the answers of one route or event until they are let go. */
  function hold(server: ScriptedServer, name: string): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    server.slow.set(name, promise);
    return () => {
      if (server.slow.get(name) === promise) server.slow.delete(name);
      resolve();
    };
  }
  const messages = 'GET /api/conversations/:id/messages';

  it('does not bring a reply back to life that has ended meanwhile', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    const { turn } = server.open('hi', null, 'client-1');
    const letGo = hold(server, 'conversation:join');
    const joined = store.join();
    await until(() => expect(server.asked.filter(({ event }) => event === 'conversation:join')).toHaveLength(2));
    server.say(turn.id, 'all');
    server.finish(turn.id);
    letGo();
    await joined;
    expect(store.live.open).toEqual([]);
    expect(shown(store)).toEqual(['hi', 'all']);
  });

  it('undoes nothing that happened while it was on its way, however many were asked for', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    const { turn } = server.open('hi', null, 'client-1');
    const asked = (times: number) =>
      until(() => expect(server.called.filter((route) => route === messages)).toHaveLength(times));
    const letFirstGo = hold(server, messages);
    const first = store.catchUp();
    await asked(2);
    const letSecondGo = hold(server, messages);
    const second = store.catchUp();
    letFirstGo();
    await first;
    await asked(3);
    server.say(turn.id, 'all');
    server.finish(turn.id);
    letSecondGo();
    await second;
    expect(shown(store)).toEqual(['hi', 'all']);
    expect(store.live.open).toEqual([]);
    expect(store.path.items.at(-1)?.status).toBe('done');
  });

  it.each(['older', 'around'])('of %s messages keeps what came meanwhile', async (which) => {
    const server = new ScriptedServer(makePath(100));
    const store = await openTab(server);
    const letGo = hold(server, messages);
    const loaded = which === 'older' ? store.loadBefore() : store.loadAround('m90');
    await until(() => expect(server.called.filter((route) => route === messages)).toHaveLength(2));
    const { turn } = server.open('news', undefined, 'client-1');
    server.finish(turn.id);
    letGo();
    await loaded;
    expect(store.path.items.slice(-2).map(({ text }) => text)).toEqual(['news', '']);
    expect(store.path.items.at(-1)?.status).toBe('done');
  });

  it('does not hide words that were sent meanwhile', async () => {
    const server = new ScriptedServer(makePath(2));
    const store = await openTab(server);
    const letGo = hold(server, messages);
    const read = store.catchUp();
    await until(() => expect(server.called.filter((route) => route === messages)).toHaveLength(2));
    await store.actions.send('new words');
    await until(() => expect(server.path).toHaveLength(4));
    await store.actions.send('more');
    await until(() => expect(server.path).toHaveLength(6));
    expect(
      shown(store)
        .slice(2)
        .map((text) => text.replace(/[()]/g, '')),
    ).toEqual(['new words', 'more']);
    letGo();
    await read;
    expect(shown(store).slice(2)).toEqual(['new words', '', 'more', '']);
    expect(store.outbox.items).toEqual([]);
  });

  it('to a join is not waited for by whoever left and came back', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    const letGo = hold(server, 'conversation:join');
    void store.join();
    store.deactivate();
    const back = store.activate();
    const events = () => server.asked.map(({ event }) => event.split(':')[1]);
    await until(() => expect(events()).toEqual(['join', 'join', 'leave', 'join']));
    letGo();
    await back;
  });

  it('changes nothing that was told later', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    const letGo = hold(server, 'GET /api/conversations/:id');
    const read = store.catchUp();
    await until(() => expect(server.called.filter((route) => route === 'GET /api/conversations/:id')).toHaveLength(2));
    server.emit('conversation:changed', { ...server.conversation, title: 'Renamed', revision: 3 });
    server.emit('conversation:changed', { ...server.conversation, title: 'Before', revision: 2 });
    letGo();
    await read;
    expect(store.conversation?.title).toBe('Renamed');
  });
});

describe('several tabs', () => {
  it('come to show the same, whoever sends', async () => {
    const server = new ScriptedServer(makePath(2));
    const [first, second] = [await openTab(server), await openTab(server)];
    await first.actions.send('from the first');
    await until(() => expect(server.path).toHaveLength(4));
    server.say('turn-1', 'an', 'swer');
    server.finish('turn-1');
    await until(() => expect(shown(first)).toEqual(shown(second)));
    expect(shown(second)).toEqual(['text of m1', 'text of m2', 'from the first', 'answer']);
  });

  it('follow a branch that another tab switched to', async () => {
    const server = new ScriptedServer(makePath(4));
    const store = await openTab(server);
    server.path = [...makePath(3), makeMessage({ id: 'other', parentId: 'm3', role: 'assistant', position: 4 })];
    server.conversation = { ...server.conversation, activeLeafId: 'other' };
    server.emit('conversation:changed', server.conversation);
    await until(() => expect(store.path.items.at(-1)?.id).toBe('other'));
  });

  it('show a message of another branch by showing that branch', async () => {
    const server = new ScriptedServer(makePath(4));
    const branch = [...makePath(2), makeMessage({ id: 'other', parentId: 'm2', position: 3 })];
    server.branches.set('other', branch);
    const store = await openTab(server);
    await store.actions.reveal('other');
    expect(store.path.items.map(({ id }) => id)).toEqual(['m1', 'm2', 'other']);
  });

  it('leave the branch to others when a connection comes back or one scrolls, and show its end', async () => {
    const server = new ScriptedServer(makePath(100));
    const store = await openTab(server);
    for (const read of [() => store.catchUp(), () => store.loadAfter()]) {
      server.path = makePath(100);
      await store.loadAround('m10');
      server.path = [makeMessage({ id: 'another', position: 1 })];
      await read();
      expect(store.path.items.map(({ id }) => id)).toEqual(['another']);
    }
    expect(server.called).not.toContain('PUT /api/conversations/:id/active-message');
  });

  it('count what arrives while the end is not on the page', async () => {
    const server = new ScriptedServer(makePath(100));
    const store = await openTab(server);
    await store.loadAround('m10');
    server.open('news', undefined, 'client-1');
    expect(store.unseen).toBe(2);
    expect(store.path.hasAfter).toBe(true);
    await store.loadEnd();
    expect(store.unseen).toBe(0);
    expect(store.path.items.at(-2)?.text).toBe('news');
  });
});

describe('a reply', () => {
  it('written again ignores late words of its earlier turn', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    const { turn, assistantMessage } = server.open('hi', null, 'client-1');
    server.say(turn.id, 'old');
    const again = makeTurn({ id: 'turn-again', messageId: assistantMessage.id });
    server.turns.set(again.id, { turn: again, log: [] });
    const message = { ...assistantMessage, turnId: again.id };
    server.emit('turn:opened', { turn: again, userMessage: null, assistantMessage: message });
    server.say(again.id, 'new');
    server.say(turn.id, ' late');
    expect(store.live.of(message)?.text).toBe('new');
    expect(liveText(store, turn.id)).toBeUndefined();
  });

  it('reads its text from the database when the closing word came without frames', async () => {
    const server = new ScriptedServer();
    const store = await openTab(server);
    const { turn, assistantMessage } = server.open('hi', null, 'client-1');
    const done = { ...assistantMessage, status: 'done' as const, text: '' };
    server.path = server.path.map((message) => (message.id === done.id ? { ...done, text: 'whole' } : message));
    server.emit('turn:closed', { turn: { ...turn, state: 'completed' }, message: done });
    await until(() => expect(shown(store)).toEqual(['hi', 'whole']));
  });
});
