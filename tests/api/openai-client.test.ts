import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { callsTool, holds, refuses, says } from '../support/parley/openai-upstream.ts';
import { type ParleyWithUpstream, startParleyWithUpstream } from '../support/parley/parley-with-upstream.ts';

let parley: ParleyWithUpstream;
let client: OpenAI;
let key: string;
beforeAll(async () => {
  parley = await startParleyWithUpstream();
});
beforeEach(async () => {
  key = await parley.users.createApiKey(await parley.users.create());
  client = new OpenAI({ baseURL: `${parley.url}/v1`, apiKey: key, maxRetries: 0 });
});
afterAll(() => parley.stop());

const messages = [{ role: 'user' as const, content: 'Hello' }];
const tools = [
  {
    type: 'function' as const,
    function: { name: 'roll', parameters: { type: 'object', properties: { sides: { type: 'integer' } } } },
  },
];

describe('the official openai package', () => {
  test('gets a whole answer with its usage', async () => {
    parley.upstream.script(says('Hel', 'lo ', 'you'));
    const answer = await client.chat.completions.create({ model: parley.model, messages });
    expect(answer.choices[0]?.message.content).toBe('Hello you');
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    expect(answer.usage).toMatchObject({ prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 });
    expect(answer.model).toBe(parley.model);
    expect(answer._request_id).toMatch(/[0-9a-f-]{36}/);
  });

  test('streams, with usage at the end when it asks for it', async () => {
    parley.upstream.script(says('Hé', '😀', ' 你好'));
    const stream = await client.chat.completions.create({
      model: parley.model,
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('Hé😀 你好');
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
    expect(chunks.at(-1)?.usage?.total_tokens).toBe(13);
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
  });

  test('passes tools on and gets the calls back, whole and streamed', async () => {
    parley.upstream.script(callsTool('roll', '{"sides":6}'), callsTool('roll', '{"sides":6}'));
    const answer = await client.chat.completions.create({
      model: parley.model,
      messages,
      tools,
      tool_choice: 'required',
    });
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        tool_calls: [{ type: 'function', function: { name: 'roll', arguments: '{"sides":6}' } }],
      },
    });
    expect(parley.upstream.bodies().at(-1)).toMatchObject({ tools, tool_choice: 'required' });

    const runner = client.chat.completions.stream({ model: parley.model, messages, tools });
    expect((await runner.finalMessage()).tool_calls?.[0]).toMatchObject({
      function: { name: 'roll', arguments: '{"sides":6}' },
    });
  });

  test('hands tool results and pictures through', async () => {
    parley.upstream.script(says('a cat'));
    const picture = 'data:image/png;base64,iVBORw0KGgo=';
    await client.chat.completions.create({
      model: parley.model,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What?' },
            { type: 'image_url', image_url: { url: picture } },
          ],
        },
        {
          role: 'assistant',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'fur' },
      ],
    });
    const sent = JSON.stringify(parley.upstream.bodies().at(-1));
    expect(sent).toContain(picture);
    expect(sent).toContain('"tool_call_id":"c1"');
  });

  test('ends upstream when it aborts', async () => {
    const held = holds('first ');
    parley.upstream.script(held.answer);
    const stream = await client.chat.completions.create({ model: parley.model, messages, stream: true });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content === 'first ') break;
    await expect(held.closed).resolves.toBeUndefined();
  });

  test('lists models and finds one by an id with a slash', async () => {
    const ids: string[] = [];
    for await (const model of client.models.list()) ids.push(model.id);
    expect(ids).toContain(parley.model);
    expect(await client.models.retrieve(parley.model)).toMatchObject({ id: parley.model, object: 'model' });
  });

  test('gets the same answer again under the same idempotency key, and a refusal for another body', async () => {
    parley.upstream.script(says('once'));
    const headers = { 'Idempotency-Key': 'order-1' };
    const ask = (content: string) =>
      client.chat.completions.create({ model: parley.model, messages: [{ role: 'user', content }] }, { headers });
    const first = await ask('Hello');
    const again = await ask('Hello');
    expect([again.id, again.choices[0]?.message.content]).toEqual([first.id, 'once']);
    await expect(ask('Other')).rejects.toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });
});

describe('its error classes', () => {
  const ask = (change: object = {}) => client.chat.completions.create({ model: parley.model, messages, ...change });

  test.each([
    [OpenAI.BadRequestError, { temperature: 9 }, 'temperature'],
    [OpenAI.BadRequestError, { n: 3 }, 'n'],
    [OpenAI.BadRequestError, { messages: [] }, 'messages'],
  ])('%o for a wrong body, naming the parameter', async (kind, change, param) => {
    const refusal = await ask(change).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(kind);
    expect(refusal).toMatchObject({ param });
  });

  test('NotFoundError for a model that is not there', async () => {
    const refusal = await ask({ model: 'upstream/none' }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(OpenAI.NotFoundError);
    expect(refusal).toMatchObject({ code: 'model_not_found' });
  });

  test('AuthenticationError for a key that is not there, PermissionDeniedError for one without the scope', async () => {
    const stranger = new OpenAI({ baseURL: `${parley.url}/v1`, apiKey: 'wrong', maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    const readKey = await parley.users.createApiKey(await parley.users.create(), ['read']);
    const reader = new OpenAI({ baseURL: `${parley.url}/v1`, apiKey: readKey, maxRetries: 0 });
    await expect(reader.chat.completions.create({ model: parley.model, messages })).rejects.toBeInstanceOf(
      OpenAI.PermissionDeniedError,
    );
  });

  test('RateLimitError when upstream takes no more, after our tries', async () => {
    const busy = refuses(429, { message: 'slow down', code: 'rate_limit_exceeded' }, { 'retry-after-ms': '1' });
    parley.upstream.script(busy, busy, busy);
    const refusal = await ask().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(OpenAI.RateLimitError);
  });

  test('InternalServerError when upstream refuses our key, without a word of it', async () => {
    parley.upstream.script(refuses(401, { message: 'bad key sk-upstream', code: 'invalid_api_key' }));
    const refusal = await ask().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(OpenAI.InternalServerError);
    expect(String(refusal)).not.toContain('sk-upstream');
  });

  test('BadRequestError with its code when the conversation is too long for the model', async () => {
    const tooLong = { message: "This model's maximum context length is 10 tokens", code: 'context_length_exceeded' };
    parley.upstream.script(refuses(400, tooLong));
    const refusal = await ask().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(OpenAI.BadRequestError);
    expect(refusal).toMatchObject({ code: 'context_length_exceeded' });
  });

  test('APIError in mid-stream when upstream breaks off after some text', async () => {
    const held = holds('some text ');
    parley.upstream.script((response, request) => {
      void held.answer(response, request);
      setImmediate(() => response.destroy());
    });
    const stream = await ask({ stream: true });
    const read = async () => {
      for await (const _ of stream as unknown as AsyncIterable<unknown>);
    };
    await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError);
  });

  test('NotFoundError in their shape for everything else below /v1', async () => {
    await expect(client.responses.create({ model: parley.model, input: 'x' })).rejects.toBeInstanceOf(
      OpenAI.NotFoundError,
    );
  });
});
