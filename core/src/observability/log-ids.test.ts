import { randomUUID } from 'node:crypto';
import { emitWithAck } from '@parley/sdk/client';
import { afterAll, expect, test } from 'vitest';
import { createChatKit } from '../modules/chat/testing/chat-kit.ts';
import { createTestApp } from '../testing/create-test-app.ts';
import { eventually } from '../testing/eventually.ts';
import { createMigratedDatabase } from '../testing/migrated-database.ts';
import { withinScope } from './log-scope.ts';
import { createLogger } from './logger.ts';

const undo = new AsyncDisposableStack();
afterAll(() => undo.disposeAsync());

function recorder() {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { lines, log: createLogger({ level: 'warn', destination: { write } }) };
}

test('what goes wrong in a request or an event is logged with its id and its user', async () => {
  const { lines, log } = recorder();
  const parley = await createTestApp({ withoutPlugins: true, log });
  undo.defer(() => parley.stop());
  const user = await parley.users.create();
  const socket = await parley.socket(user);
  await parley.app.platform.database.pool.query('alter table conversation rename to elsewhere');

  const response = await fetch(`${parley.url}/api/conversations`, { headers: { cookie: user.cookie } });
  expect(response.status).toBe(500);
  const { requestId } = (await response.json()) as { requestId: string };
  const joining = emitWithAck(socket, 'conversation:join', { conversationId: randomUUID() });
  await expect(joining).rejects.toMatchObject({ code: 'internal' });
  expect(lines).toMatchObject([
    { msg: 'A request failed', requestId, userId: user.id },
    { msg: 'A socket event failed', requestId: expect.any(String), userId: user.id, event: 'conversation:join' },
  ]);
});

test('whatever is said while a turn runs names the turn, its user, and the request it came with', async () => {
  const { lines, log } = recorder();
  const kit = await createChatKit({
    databaseUrl: await createMigratedDatabase(undo),
    log,
    promptHooks: {
      async run(draft) {
        log.warn('A hook is slow');
        return { messages: draft.messages, additions: [], steps: [] };
      },
    },
  });
  undo.defer(() => kit.stop());
  const { userId, conversationId } = await kit.newConversation();
  const input = { text: 'hello', clientTurnId: randomUUID() };
  const { turn } = await withinScope({ requestId: 'the-request' }, () =>
    kit.chat.service.send(userId, conversationId, input),
  );
  await eventually(() => lines.length).toBe(1);
  expect(lines[0]).toMatchObject({ msg: 'A hook is slow', requestId: 'the-request', turnId: turn.id, userId });
});
