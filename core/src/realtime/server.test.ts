import { createSocket, type ParleySocket } from '@parley/sdk/client';
import type { Ack } from '@parley/sdk/contract';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestApp, type TestApp } from '../testing/create-test-app.ts';

let parley: TestApp;
const opened: ParleySocket[] = [];
beforeAll(async () => {
  parley = await createTestApp({ withoutPlugins: true });
});
afterEach(() => {
  for (const socket of opened.splice(0)) socket.disconnect();
});
afterAll(() => parley.stop());

/** Sends what the typed client would not. */
interface AnySocket {
  emitWithAck(event: string, ...args: unknown[]): Promise<Ack<unknown>>;
  emit(event: string, ...args: unknown[]): void;
  connected: boolean;
}
const anything = (socket: ParleySocket) => socket as unknown as AnySocket;

function connect(options: Parameters<typeof createSocket>[1]): Promise<ParleySocket> {
  const socket = createSocket(parley.url, { forceNew: true, reconnection: false, ...options });
  opened.push(socket);
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });
}

describe('coming in', () => {
  test.each([
    ['nobody', {}, 'auth.required'],
    ['an unknown session', { extraHeaders: { cookie: `parley_session=${'x'.repeat(43)}` } }, 'auth.required'],
    ['an unknown key', { auth: { token: 'parley_nothing' } }, 'auth.invalid-key'],
    ['a token that is no text', { auth: { token: { $ne: 1 } } }, 'auth.required'],
  ])('%s is told why not', async (_name, options, code) => {
    await expect(connect(options)).rejects.toMatchObject({ data: { status: 401, code } });
  });

  test('other sites are refused, whatever cookie they bring', async () => {
    const user = await parley.users.create();
    for (const transports of [['websocket'], ['polling']]) {
      const extraHeaders = { cookie: user.cookie, origin: 'https://evil.example' };
      await expect(connect({ extraHeaders, transports })).rejects.toThrow(/error/);
    }
    const own = await connect({ extraHeaders: { cookie: user.cookie, origin: parley.url }, transports: ['websocket'] });
    expect(own.connected).toBe(true);
  });

  test('an API key needs the scope to read', async () => {
    const user = await parley.users.create();
    const chat = await parley.users.createApiKey(user, ['chat']);
    await expect(connect({ auth: { token: chat } })).rejects.toMatchObject({ data: { code: 'auth.scope-missing' } });
    const read = await parley.users.createApiKey(user, ['read']);
    expect((await connect({ auth: { token: read } })).connected).toBe(true);
  });
});

describe('what a socket says', () => {
  test('unknown events and wrong shapes are answered with an error', async () => {
    const socket = anything(await parley.socket(await parley.users.create()));
    expect(await socket.emitWithAck('chat:nothing', {})).toMatchObject({
      ok: false,
      error: { code: 'socket.unknown-event' },
    });
    expect(await socket.emitWithAck('__proto__', {})).toMatchObject({
      ok: false,
      error: { code: 'socket.unknown-event' },
    });
    for (const body of [null, 5, [], {}, { conversationId: "1' or true" }, undefined]) {
      expect(await socket.emitWithAck('conversation:leave', body)).toMatchObject({
        ok: false,
        error: { status: 422, code: 'input.invalid' },
      });
    }
  });

  test('nobody has to ask for an answer', async () => {
    const socket = anything(await parley.socket(await parley.users.create()));
    socket.emit('chat:nothing');
    socket.emit('conversation:leave', { conversationId: 1 }, 2, 3);
    expect(await socket.emitWithAck('chat:nothing')).toMatchObject({ ok: false });
  });

  test('a thousand events at once cost that socket its place and nobody else anything', async () => {
    const loud = await parley.socket(await parley.users.create());
    const quiet = anything(await parley.socket(await parley.users.create()));
    const answers: Ack<unknown>[] = [];
    const gone = new Promise((resolve) => loud.once('disconnect', resolve));
    for (let count = 0; count < 1000; count++) {
      (loud as unknown as { emit(event: string, body: unknown, ack: (answer: Ack<unknown>) => void): void }).emit(
        'chat:nothing',
        {},
        (answer) => answers.push(answer),
      );
    }
    expect(await gone).toBe('io server disconnect');
    const codes = answers.map((answer) => (answer.ok ? 'ok' : answer.error.code));
    expect(codes.filter((code) => code === 'socket.too-many-events').length).toBeGreaterThan(100);
    expect(await quiet.emitWithAck('chat:nothing')).toMatchObject({
      ok: false,
      error: { code: 'socket.unknown-event' },
    });
  });

  test('a frame of more than a megabyte ends the connection, and only that', async () => {
    const heavy = await parley.socket(await parley.users.create());
    const gone = new Promise((resolve) => heavy.once('disconnect', resolve));
    anything(heavy).emit('chat:nothing', { text: 'x'.repeat(1_200_000) });
    await gone;
    expect((await fetch(`${parley.url}/healthz`)).status).toBe(200);
  });
});

test('what is said to a user reaches each of their sockets and no other', async () => {
  const [mira, robin] = [await parley.users.create(), await parley.users.create()];
  const sockets = [await parley.socket(mira), await parley.socket(mira), await parley.socket(robin)];
  const heard: number[] = [];
  sockets.forEach((socket, index) => socket.on('conversation:deleted', () => heard.push(index)));
  parley.app.realtime.broadcaster.emit(`user:${mira.id}`, 'conversation:deleted', { id: 'x', revision: 1 });
  await vi.waitFor(() => expect(heard.toSorted((a, b) => a - b)).toEqual([0, 1]), { timeout: 60_000 });
});

test.each([['websocket'], ['polling']])(
  'what is said arrives as it was said, however long, by %s',
  async (transport) => {
    const user = await parley.users.create();
    const socket = await connect({ extraHeaders: { cookie: user.cookie }, transports: [transport] });
    const heard: string[] = [];
    socket.on('conversation:deleted', ({ id }) => heard.push(id));
    const around = '42["conversation:deleted",{"id":""}]'.length;
    // A frame's head grows after 125 bytes and after 65,535.
    const lengths = [125, 65_535].flatMap((most) => [most - 1, most, most + 1]).map((bytes) => bytes - around);
    const said = [0, ...lengths, 300_000].map((length) => 'x'.repeat(length));
    said.push('héllo 你好 👋 "\\\n\u2028', '你'.repeat(30_000));
    for (const id of said)
      parley.app.realtime.broadcaster.emit(`user:${user.id}`, 'conversation:deleted', { id, revision: 1 });
    await vi.waitFor(() => expect(heard).toHaveLength(said.length), { timeout: 60_000 });
    expect(heard.map((id, at) => id === said[at])).toEqual(said.map(() => true));
  },
);

test('a session that ended without news is found by the sweep', async () => {
  const user = await parley.users.create();
  const socket = await parley.socket(user);
  const ended = new Promise((resolve) => socket.once('session:ended', resolve));
  await parley.app.platform.database.pool.query('delete from sessions where user_id = $1', [user.id]);
  await parley.app.realtime.dropEnded(parley.app.modules.accounts.credentials);
  expect(await ended).toEqual({ reason: 'revoked' });
});
