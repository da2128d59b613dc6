import { ApiError } from '@parley/sdk/client';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadMarkdown } from '../markdown/markdown-loader.ts';
import { makePath } from '../testing/factories.ts';
import { openTab } from '../testing/open-chat.ts';
import { problem, ScriptedServer } from '../testing/scripted-server.ts';

beforeAll(() => loadMarkdown());
beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', (callback: (now: number) => void) =>
    setTimeout(() => callback(Date.now()), 0),
  );
});

async function setUp() {
  const server = new ScriptedServer(makePath(2));
  const store = await openTab(server);
  const reply = store.path.items.at(-1);
  if (reply === undefined) throw new Error('no reply');
  const asked = (event: string) => server.asked.filter((each) => each.event === event).map(({ input }) => input);
  const turnIds = () => asked('chat:regenerate').map((input) => (input as { clientTurnId: string }).clientTurnId);
  return { server, store, actions: store.actions, reply, asked, turnIds };
}
const until = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 2 });

describe('writing a reply again', () => {
  it('is asked for once, however often it is pressed before the answer', async () => {
    const { server, store, actions, reply, asked } = await setUp();
    await Promise.all([actions.regenerate(reply), actions.regenerate(reply)]);
    expect(asked('chat:regenerate')).toHaveLength(1);
    expect(server.path.map(({ id }) => id)).toEqual(['m1', 'reply-1']);
    expect(store.path.items.map(({ id }) => id)).toEqual(['m1', 'reply-1']);
  });

  it('is the same wish after an answer that was lost, also when the server was busy in between', async () => {
    const { server, actions, reply } = await setUp();
    server.losesAnswers = true;
    await expect(actions.regenerate(reply)).rejects.toThrow(ApiError);
    server.losesAnswers = false;
    server.refusal = problem('limit.exceeded', 429);
    await expect(actions.regenerate(reply)).rejects.toThrow('limit.exceeded');
    server.refusal = null;
    await actions.regenerate(reply);
    expect([...server.turns.keys()]).toEqual(['turn-1']);
  });

  it('is a new wish once it was granted', async () => {
    const { actions, reply, turnIds } = await setUp();
    await actions.regenerate(reply);
    await expect(actions.regenerate(reply)).rejects.toThrow(ApiError);
    expect(new Set(turnIds()).size).toBe(2);
  });

  it('is another wish by another model', async () => {
    const { actions, reply, turnIds } = await setUp();
    await Promise.allSettled([actions.regenerate(reply), actions.regenerate(reply, 'demo/other')]);
    expect(new Set(turnIds()).size).toBe(2);
  });

  it('is another wish when its lost answer turns out to have been a yes', async () => {
    const { server, actions, reply, turnIds } = await setUp();
    server.losesAnswers = true;
    await expect(actions.regenerate(reply)).rejects.toThrow(ApiError);
    server.losesAnswers = false;
    // Somebody goes back to the old version, which knows of the new one.
    const old = { ...reply, versions: [reply.id, 'reply-1'] };
    await expect(actions.regenerate(old)).rejects.toThrow(ApiError);
    expect(new Set(turnIds()).size).toBe(2);
  });
});

describe('a change of settings', () => {
  const route = 'PATCH /api/conversations/:id';

  function holdChanges(server: ScriptedServer): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    server.slow.set(route, promise);
    return resolve;
  }

  it('is known to the server before what is sent or written again after it', async () => {
    const { server, store, actions, reply, asked } = await setUp();
    const arrive = holdChanges(server);
    const changed = actions.change({ model: 'demo/other' });
    await actions.send('for the other model');
    const again = actions.regenerate(reply);
    await until(() => expect(server.called).toContain(route));
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect([...asked('chat:send'), ...asked('chat:regenerate')]).toEqual([]);
    arrive();
    await Promise.all([changed, again]);
    await until(() => expect(store.outbox.items).toEqual([]));
    expect(asked('chat:send')).toHaveLength(1);
    expect(asked('chat:regenerate')).toHaveLength(1);
  });

  it('that fails keeps nothing back', async () => {
    const { server, store, actions } = await setUp();
    server.refusal = problem('models.unknown', 422);
    const refused = actions.change({ model: 'demo/none' });
    await expect(refused).rejects.toThrow('models.unknown');
    server.refusal = null;
    await actions.send('goes all the same');
    await until(() => expect(store.outbox.items).toEqual([]));
    expect(server.path.at(-2)?.text).toBe('goes all the same');
  });

  it('waits for the one before it, so that the last choice stays', async () => {
    const { server, store, actions } = await setUp();
    const arrive = holdChanges(server);
    const both = Promise.all([actions.change({ model: 'demo/first' }), actions.change({ model: 'demo/second' })]);
    await until(() => expect(server.called).toContain(route));
    expect(server.conversation.model).toBe('demo/first');
    arrive();
    await both;
    expect(store.conversation?.model).toBe('demo/second');
  });
});
