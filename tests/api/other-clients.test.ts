import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, jsonSchema, streamText, tool } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callsTool, holds, says } from '../support/parley/openai-upstream.ts';
import { type ParleyWithUpstream, startParleyWithUpstream } from '../support/parley/parley-with-upstream.ts';

let parley: ParleyWithUpstream;
let apiKey: string;
beforeAll(async () => {
  parley = await startParleyWithUpstream();
  apiKey = await parley.users.createApiKey(await parley.users.create());
});
afterAll(() => parley.stop());

const rollInput = { type: 'object' as const, properties: { sides: { type: 'integer' as const } }, required: ['sides'] };

describe('the Vercel AI SDK', () => {
  const model = () =>
    createOpenAICompatible({ name: 'parley', baseURL: `${parley.url}/v1`, apiKey, includeUsage: true })(parley.model);

  test('gets text and usage', async () => {
    parley.upstream.script(says('Hel', 'lo'));
    const { text, usage, finishReason } = await generateText({ model: model(), prompt: 'Hi', maxRetries: 0 });
    expect([text, finishReason, usage.inputTokens, usage.outputTokens]).toEqual(['Hello', 'stop', 9, 4]);
  });

  test('streams text', async () => {
    parley.upstream.script(says('a', 'b', 'c'));
    const result = streamText({ model: model(), prompt: 'Hi', maxRetries: 0 });
    let text = '';
    for await (const piece of result.textStream) text += piece;
    expect(text).toBe('abc');
    expect((await result.usage).outputTokens).toBe(4);
  });

  test('calls a tool and goes on with its result', async () => {
    parley.upstream.script(callsTool('roll', '{"sides":6}'));
    const roll = tool({ description: 'Roll', inputSchema: jsonSchema<{ sides: number }>(rollInput) });
    const { toolCalls } = await generateText({ model: model(), prompt: 'Roll', tools: { roll }, maxRetries: 0 });
    expect(toolCalls[0]).toMatchObject({ toolName: 'roll', input: { sides: 6 } });
  });

  test('ends upstream when it aborts', async () => {
    const held = holds('first');
    parley.upstream.script(held.answer);
    const abort = new AbortController();
    const result = streamText({ model: model(), prompt: 'Hi', abortSignal: abort.signal, maxRetries: 0 });
    for await (const part of result.fullStream) if (part.type === 'text-delta') abort.abort();
    await expect(held.closed).resolves.toBeUndefined();
  });

  test('hears what was wrong', async () => {
    const wrong = createOpenAICompatible({ name: 'parley', baseURL: `${parley.url}/v1`, apiKey })('upstream/none');
    await expect(generateText({ model: wrong, prompt: 'Hi', maxRetries: 0 })).rejects.toMatchObject({
      statusCode: 404,
      message: expect.stringContaining('upstream/none'),
    });
  });
});

describe('LangChain', () => {
  const model = (options: { temperature?: number } = {}) =>
    new ChatOpenAI({
      ...options,
      model: parley.model,
      apiKey,
      configuration: { baseURL: `${parley.url}/v1` },
      useResponsesApi: false,
      maxRetries: 0,
    });

  test('gets text and usage', async () => {
    parley.upstream.script(says('Hel', 'lo'));
    const answer = await model().invoke('Hi');
    expect(answer.content).toBe('Hello');
    expect(answer.usage_metadata).toMatchObject({ input_tokens: 9, output_tokens: 4 });
  });

  test('streams', async () => {
    parley.upstream.script(says('a', 'b', 'c'));
    let text = '';
    for await (const chunk of await model().stream('Hi')) text += chunk.text;
    expect(text).toBe('abc');
  });

  test('binds tools', async () => {
    parley.upstream.script(callsTool('roll', '{"sides":6}'));
    const bound = model().bindTools([{ type: 'function', function: { name: 'roll', parameters: rollInput } }]);
    expect((await bound.invoke('Roll')).tool_calls?.[0]).toMatchObject({ name: 'roll', args: { sides: 6 } });
  });

  test('ends upstream when it aborts', async () => {
    const held = holds('first');
    parley.upstream.script(held.answer);
    const abort = new AbortController();
    const read = async () => {
      for await (const chunk of await model().stream('Hi', { signal: abort.signal }))
        if (chunk.content !== '') abort.abort();
    };
    await expect(read()).rejects.toThrow();
    await expect(held.closed).resolves.toBeUndefined();
  });

  test('hears what was wrong', async () => {
    await expect(model({ temperature: 9 }).invoke('Hi')).rejects.toThrow(/temperature/);
  });
});
