import { ApiError } from '@parley/sdk/client';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadMarkdown } from '../markdown/markdown-loader.ts';
import { conversationId, makePath } from '../testing/factories.ts';
import { problem, ScriptedServer } from '../testing/scripted-server.ts';
import { ConversationCache } from './conversation-cache.ts';

beforeAll(() => loadMarkdown());
beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', (callback: (now: number) => void) =>
    setTimeout(() => callback(Date.now()), 0),
  );
});

async function setUp() {
  const server = new ScriptedServer(makePath(2));
  const nothing = () => undefined;
  const ports = { wire: server.wire, keepOutgoing: nothing, moved: nothing, grew: nothing };
  const store = new ConversationCache(ports).get(conversationId);
  await store.activate();
  const reply = store.path.items.at(-1);
  if (reply === undefined) throw new Error('no reply');
  const asked = (event: string) => server.asked.filter((each) => each.event === event).map(({ input }) => input);
  const turnIds = () => asked('chat:regenerate').map((input) => (input as { clientTurnId: string }).clientTurnId);
  return { server, store, actions: store.actions, reply, asked, turnIds };
}

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
