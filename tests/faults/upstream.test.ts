import { setTimeout as pause } from 'node:timers/promises';
import type { Message } from '@parley/sdk/contract';
import type { TestUser } from '@parley/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, chunk, holds, openStream, refuses, says, sends } from '../support/parley/openai-upstream.ts';
import { type ParleyWithUpstream, startParleyWithUpstream } from '../support/parley/parley-with-upstream.ts';

let parley: ParleyWithUpstream;
let user: TestUser;
beforeAll(async () => {
  parley = await startParleyWithUpstream();
  user = await parley.users.create();
});
afterAll(() => parley.stop());

/** Sends "Hello" and waits for the reply to be over. */
async function reply(...answers: Answer[]): Promise<Message> {
  parley.upstream.script(...answers);
  const http = parley.http(user);
  const { id } = await http('POST /api/conversations', { body: { model: parley.model } });
  const body = { clientTurnId: crypto.randomUUID(), text: 'Hello' };
  await http('POST /api/conversations/:id/turns', { params: { id }, body });
  for (;;) {
    const { items } = await http('GET /api/conversations/:id/messages', { params: { id } });
    const last = items.at(-1)!;
    if (last.status !== 'queued' && last.status !== 'streaming') return last;
    await pause(20);
  }
}

const end = chunk({}, 'stop') + 'data: [DONE]\n\n';
const body = chunk({ content: 'Grüße 你好 😀' }) + end;

describe('a provider that fails before any text', () => {
  test.each([
    ['refuses our key', [refuses(401, { message: 'no', code: 'invalid_api_key' })], 'provider.auth'],
    ['has no quota left', [refuses(429, { message: 'no', code: 'insufficient_quota' })], 'provider.quota'],
    [
      'asks for more patience than a person has',
      [refuses(429, { message: 'slow' }, { 'retry-after': '3600' })],
      'provider.rate_limit',
    ],
    ['answers 500 each time', Array.from({ length: 3 }, () => refuses(500, { message: 'no' })), 'provider.server'],
    [
      'finds the text too long',
      Array.from({ length: 2 }, () => refuses(400, { message: 'no', code: 'context_length_exceeded' })),
      'provider.context_length',
    ],
    [
      'answers a page instead of a stream',
      Array.from({ length: 3 }, () => sends('text/html', '<html>Welcome</html>')),
      'provider.server',
    ],
    [
      'hangs up at once',
      Array.from({ length: 3 }, (): Answer => (response) => void response.destroy()),
      'provider.server',
    ],
  ] as const)('%s: the turn fails with the reason and nothing of its words', async (_, answers, code) => {
    const message = await reply(...answers);
    expect(message).toMatchObject({ status: 'failed', text: '', failure: { code } });
    expect(JSON.stringify(message)).not.toContain('Welcome');
  });

  test('but only for a moment is asked again, and the reader sees none of it', async () => {
    const busy = refuses(429, { message: 'slow' }, { 'retry-after-ms': '20' });
    expect(await reply(busy, refuses(503, { message: 'no' }), says('at ', 'last'))).toMatchObject({
      status: 'done',
      text: 'at last',
    });
  });
});

describe('a stream that breaks after some text', () => {
  test.each([
    [
      'is cut',
      (response) => void (openStream(response), response.write(chunk({ content: 'half ' }), () => response.destroy())),
    ],
    [
      'carries an error',
      sends('text/event-stream', chunk({ content: 'half ' }), 'data: {"error":{"message":"died","code":null}}\n\n'),
    ],
    ['turns into nonsense', sends('text/event-stream', chunk({ content: 'half ' }), 'data: {"choices": [{{{\n\n')],
  ] as [string, Answer][])('%s: the text stays and the turn has failed', async (_, answer) => {
    const message = await reply(answer);
    expect([message.status, message.text]).toEqual(['failed', 'half ']);
    expect(message.failure?.retryable).toBe(true);
  });
});

describe('a stream that is only odd', () => {
  const bytes = Buffer.from(body);
  test.each([
    ['one byte at a time', [...bytes].map((byte) => Uint8Array.of(byte))],
    ['CRLF line ends and comments', [': hello\r\n\r\n', body.replaceAll('\n', '\r\n')]],
    ['a mark at its start and no end mark', ['\ufeff', body.replace('data: [DONE]\n\n', '')]],
  ])('with %s arrives whole', async (_, pieces) => {
    expect(await reply(sends('text/event-stream', ...pieces))).toMatchObject({ status: 'done', text: 'Grüße 你好 😀' });
  });

  test('that has a line of one megabyte ends in a reason, and the next call works', async () => {
    const message = await reply(sends('text/event-stream', `data: ${'x'.repeat(1_200_000)}\n\n`));
    expect(message.status).toBe('failed');
    expect(await reply(says('still here'))).toMatchObject({ status: 'done', text: 'still here' });
  });
});

test('a stop reaches the provider and keeps the text', async () => {
  const held = holds('some text');
  parley.upstream.script(held.answer);
  const http = parley.http(user);
  const { id } = await http('POST /api/conversations', { body: { model: parley.model } });
  const { turn } = await http('POST /api/conversations/:id/turns', {
    params: { id },
    body: { clientTurnId: crypto.randomUUID(), text: 'Hello' },
  });
  const socket = await parley.socket(user);
  const seen = new Promise<void>((resolve) => {
    socket.on('turn:frame', ({ events }) => events.some((event) => 'text' in event && event.text !== '') && resolve());
  });
  await socket.emitWithAck('conversation:join', { conversationId: id });
  await seen;
  expect(await http('POST /api/turns/:id/stop', { params: { id: turn.id } })).toMatchObject({ state: 'stopped' });
  await held.closed;
  const { items } = await http('GET /api/conversations/:id/messages', { params: { id } });
  expect(items.at(-1)).toMatchObject({ status: 'stopped', text: 'some text' });
});

test('a provider that is not there is a failed turn, not a failed server', async () => {
  const { providers } = parley.app.modules;
  const connection = await providers.connections.create({
    provider: 'parley.provider-openai/openai',
    name: 'gone',
    settings: { baseUrl: 'http://127.0.0.1:9/v1' },
    secrets: {},
    enabled: true,
  });
  const offer = { providerModel: 'm', contextTokens: 1000, vision: false, tools: false, enabled: true };
  await providers.offered.create({ connectionId: connection.id, ...offer });
  const http = parley.http(user);
  const { id } = await http('POST /api/conversations', { body: { model: 'gone/m' } });
  await http('POST /api/conversations/:id/turns', {
    params: { id },
    body: { clientTurnId: crypto.randomUUID(), text: 'Hi' },
  });
  await expect
    .poll(
      async () => (await http('GET /api/conversations/:id/messages', { params: { id } })).items.at(-1)?.failure?.code,
      { timeout: 60_000 },
    )
    .toBe('provider.server');
});
