import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEventBus } from '../../events/event-bus.ts';
import { uuidV7 } from '../../lib/uuid-v7.ts';
import { openCache } from '../../ports/cache/index.ts';
import { openDatabase, type Database } from '../../ports/database/database.ts';
import { systemClock } from '../../ports/clock/clock.ts';
import { insertUser } from '../../testing/factories/insert-user.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { createConversationsModule, searchDocument, type ConversationsModule } from './index.ts';
import { searchTerms } from './search-tokens.ts';
import { makeSnippet } from './snippet.ts';

const undo = new AsyncDisposableStack();
const userId: string = randomUUID();
let database: Database;
let conversations: ConversationsModule;

beforeAll(async () => {
  database = await openDatabase({ url: await createMigratedDatabase(undo) });
  undo.defer(() => database.close());
  await insertUser(database.pool, userId);
  conversations = createConversationsModule({
    database,
    cache: openCache({ redis: null, log: pino({ level: 'silent' }) }),
    clock: systemClock,
    events: createEventBus(() => undefined),
    broadcaster: { emit: () => undefined, emitLocal: () => undefined, disconnect: async () => undefined },
  });
  await conversation('Travel plans', ['The quick brown fox jumps over the lazy dog.', 'Kubernetes clusters in Berlin']);
  await conversation('学习笔记', ['我们今天讨论人工智能和机器学习的区别。', '智能人工的顺序不同', 'iPhone手机很贵']);
  await conversation('Code', ['Use `array_to_tsvector` in C++ code', 'Ünïcödé wörds and Größe']);
});
afterAll(() => undo.disposeAsync());

async function conversation(title: string, texts: string[], owner = userId): Promise<string> {
  const { id } = await conversations.service.create(owner, { title, model: null, systemPrompt: '', parameters: {} });
  for (const [index, text] of texts.entries()) {
    await database.pool.query(
      `insert into message (id, user_id, conversation_id, slot_id, role, status, text, position, search)
       values ($1, $2, $3, $3, 'user', 'done', $4, $5, array_to_tsvector(string_to_array($6, ' ')))`,
      [uuidV7(), owner, id, text, index + 1, searchDocument(owner, text)],
    );
  }
  return id;
}
async function find(q: string, more: { conversationId?: string; cursor?: string; limit?: number } = {}) {
  return conversations.messages.search(userId, { q, limit: 40, ...more });
}
const marked = async (q: string) =>
  (await find(q)).items.map(({ snippet, matches }) => matches.map(([start, end]) => snippet.slice(start, end)));

test.each([
  ['fox', [['fox']]],
  ['LAZY quick', [['quick', 'lazy']]],
  ['kube', [['Kube']]],
  ['array_to', [['array_to']]],
  ['größe', [['Größe']]],
  ['fox Berlin', []],
  ['ox', []],
])('"%s" finds words by their beginning', async (q, expected) => {
  expect(await marked(q)).toEqual(expected);
});

test.each([
  ['人工智能', [['人工智能']]],
  ['人工', [['人工'], ['人工']]],
  ['区', [['区']]],
  ['别', [['别']]],
  ['机器 今天', [['今天', '机器']]],
  ['iphone 手机', [['iPhone', '手机']]],
  ['学习笔记', [['学习笔记']]],
  ['工智人', []],
])('"%s" finds Chinese without spaces', async (q, expected) => {
  expect(await marked(q)).toEqual(expected);
});

test('titles are found, and say so', async () => {
  expect((await find('travel')).items).toMatchObject([{ title: 'Travel plans', messageId: null, role: null }]);
});

test.each(['', '   ', '!!! ???', "' | & !", '\\', ':*', '<->'])('"%s" finds nothing and breaks nothing', async (q) => {
  expect((await find(q)).items).toEqual([]);
});

test('a search can stay within a conversation', async () => {
  const id = await conversation('One', ['needle in one']);
  await conversation('Two', ['needle in two']);
  expect((await find('needle')).items).toHaveLength(2);
  expect((await find('needle', { conversationId: id })).items).toMatchObject([{ conversationId: id }]);
});

test('pages hold every hit once, newest first', async () => {
  await conversation(
    'Many',
    Array.from({ length: 23 }, (_, index) => `haystack ${index}`),
  );
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await find('haystack', { cursor, limit: 5 });
    seen.push(...page.items.map(({ messageId }) => messageId!));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toHaveLength(23);
  expect(new Set(seen).size).toBe(23);
});

test("nobody finds somebody else's words", async () => {
  await conversation('Theirs', ['password zanzibar'], await insertUser(database.pool));
  expect((await find('zanzibar')).items).toEqual([]);
});

test('a snippet shows the surroundings of a match deep in a text, as plain text', () => {
  const text = `${'before '.repeat(100)}<b>the target</b> ${'after '.repeat(100)}`;
  const { snippet, matches } = makeSnippet(text, searchTerms('target'));
  expect(snippet.length).toBeLessThanOrEqual(200);
  expect(snippet).toContain('<b>the target</b>');
  expect(matches.map(([start, end]) => snippet.slice(start, end))).toEqual(['target']);
});

test('a snippet never cuts a character in half', () => {
  for (let length = 50; length < 70; length++) {
    const { snippet } = makeSnippet(`${'😀'.repeat(length)}x target ${'😀'.repeat(200)}`, searchTerms('target'));
    expect(snippet.isWellFormed()).toBe(true);
  }
});

test('a very long text is indexed in time and within what PostgreSQL takes', async () => {
  const words = Array.from({ length: 40_000 }, (_, index) => `word${index}`).join(' ');
  await conversation('Long', [words, '汉'.repeat(200_000), 'x'.repeat(200_000)]);
  expect((await find('word17')).items.length).toBeGreaterThan(0);
});
