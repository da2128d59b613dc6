import type { ChatMessage, ChatRequest } from '@parley/sdk/plugin';
import { describe, expect, test } from 'vitest';
import { factsOfBody } from '../errors/error-facts.ts';
import { readSettings } from '../settings.ts';
import { requestBody } from './body.ts';
import { endpointUrl } from './endpoint.ts';
import { requestHeaders } from './headers.ts';
import { refusedField, withoutField } from './repairs.ts';

describe('an address', () => {
  test.each([
    ['https://api.openai.com/v1', 'https://api.openai.com/v1/chat/completions'],
    ['https://api.openai.com/v1/', 'https://api.openai.com/v1/chat/completions'],
    ['https://api.openai.com', 'https://api.openai.com/v1/chat/completions'],
    ['http://localhost:11434//', 'http://localhost:11434/v1/chat/completions'],
    ['http://127.0.0.1:8080/proxy', 'http://127.0.0.1:8080/proxy/v1/chat/completions'],
    ['https://openrouter.ai/api/v1', 'https://openrouter.ai/api/v1/chat/completions'],
    ['https://open.bigmodel.cn/api/paas/v4', 'https://open.bigmodel.cn/api/paas/v4/chat/completions'],
    ['https://api.openai.com/v1/chat/completions', 'https://api.openai.com/v1/chat/completions'],
    ['https://g.example/v1beta/openai/', 'https://g.example/v1beta/openai/chat/completions'],
    [
      'https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2026-01-01',
      'https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2026-01-01',
    ],
    ['api.example.com', 'https://api.example.com/v1/chat/completions'],
  ])('%s is asked at %s', (baseUrl, url) => {
    expect(endpointUrl(baseUrl, 'chat/completions')).toBe(url);
  });

  test('for models stands beside it', () => {
    expect(endpointUrl('https://api.openai.com/v1/chat/completions', 'models')).toBe(
      'https://api.openai.com/v1/models',
    );
  });

  test.each(['ftp://example.com', 'http://', 'ht tp'])('%j is refused', (baseUrl) => {
    expect(() => endpointUrl(baseUrl, 'models')).toThrow('Address of the server');
  });
});

const user: ChatMessage = { role: 'user', content: 'Hi' };
const ask = (changes: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'm',
  messages: [user],
  parameters: {},
  stream: true,
  ...changes,
});
const body = (changes?: Partial<ChatRequest>, settings = {}) =>
  requestBody(ask(changes), readSettings({ baseUrl: 'http://x', ...settings }));

describe('a request', () => {
  test('holds no more than was asked for', () => {
    expect(body()).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('passes parameters on under their names', () => {
    const parameters = {
      temperature: 0,
      topP: 0.5,
      maxTokens: 7,
      stop: ['a'],
      presencePenalty: 1,
      frequencyPenalty: -1,
      seed: 3,
      reasoningEffort: 'low',
    };
    expect(body({ parameters })).toMatchObject({
      temperature: 0,
      top_p: 0.5,
      max_tokens: 7,
      stop: ['a'],
      presence_penalty: 1,
      frequency_penalty: -1,
      seed: 3,
      reasoning_effort: 'low',
    });
  });

  test.each([
    ['http://localhost:8000', 'auto', 'max_tokens'],
    ['https://api.openai.com/v1', 'auto', 'max_completion_tokens'],
    ['https://r.openai.azure.com/openai', 'auto', 'max_completion_tokens'],
    ['https://api.openai.com.evil.example', 'auto', 'max_tokens'],
    ['http://localhost:8000', 'max_completion_tokens', 'max_completion_tokens'],
  ])('to %s with %s limits by %s', (baseUrl, maxTokensField, field) => {
    expect(body({ parameters: { maxTokens: 7 } }, { baseUrl, maxTokensField })).toHaveProperty(field, 7);
  });

  test('passes tools, calls and their answers on', () => {
    const messages: ChatMessage[] = [
      { role: 'system', content: 'Be brief' },
      { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'roll', arguments: '' }] },
      { role: 'tool', content: [{ type: 'text', text: '6' }], toolCallId: 'a' },
    ];
    const tools = [{ name: 'roll', description: 'Rolls', parameters: { type: 'object' }, strict: true }];
    const sent = body({ messages, tools, toolChoice: { name: 'roll' }, parallelToolCalls: false });
    expect(sent).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'roll', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'a', content: '6' },
      ],
      tools: [{ type: 'function', function: tools[0] }],
      tool_choice: { type: 'function', function: { name: 'roll' } },
      parallel_tool_calls: false,
    });
  });

  test('passes the wanted shape of the answer on', () => {
    expect(body({ responseFormat: { type: 'json_object' } })['response_format']).toEqual({ type: 'json_object' });
    const jsonSchema = { name: 'n', schema: {}, strict: true };
    expect(body({ responseFormat: { type: 'json_schema', jsonSchema } })['response_format']).toEqual({
      type: 'json_schema',
      json_schema: jsonSchema,
    });
  });

  test('sends pictures as parts, plain text as text, and neither where it must not', () => {
    const picture: ChatMessage = {
      role: 'user',
      content: [
        { type: 'text', text: 'Look' },
        { type: 'image', url: 'data:image/png;base64,AA', detail: 'low' },
      ],
    };
    expect(body({ messages: [picture] })['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA', detail: 'low' } },
        ],
      },
    ]);
    expect(body({ messages: [picture] }, { images: false })['messages']).toEqual([
      { role: 'user', content: 'Look\n(A picture was left out here: this server takes none.)' },
    ]);
    const plain: ChatMessage = { role: 'user', content: [{ type: 'text', text: 'Hi' }] };
    expect(body({ messages: [plain] })['messages']).toEqual([{ role: 'user', content: 'Hi' }]);
  });

  test('obeys the flags of the connection', () => {
    const messages: ChatMessage[] = [{ role: 'system', content: 'x' }];
    expect(body({ messages }, { systemRole: 'developer' })['messages']).toEqual([{ role: 'developer', content: 'x' }]);
    expect(body({}, { streamUsage: false })).not.toHaveProperty('stream_options');
    expect(body({}, { streaming: false })).toMatchObject({ stream: false });
    expect(body({ user: 'u1' })).not.toHaveProperty('user');
    expect(body({ user: 'u1' }, { sendUser: true })).toMatchObject({ user: 'u1' });
  });

  test('takes more fields, which win and may take others away', () => {
    const extraBody = '{"top_k": 40, "stream_options": null, "model": "other"}';
    expect(body({}, { extraBody })).toEqual({ model: 'other', messages: [user], stream: true, top_k: 40 });
    expect(() => body({}, { extraBody: '[1]' })).toThrow('More fields of the request: this is not a JSON object');
  });
});

describe('headers', () => {
  const headers = (settings: object, key?: string) =>
    requestHeaders(readSettings({ ...settings }), key, 'text/event-stream');

  test('carry the key where the server wants it', () => {
    expect(headers({}, 'k')).toMatchObject({ authorization: 'Bearer k' });
    expect(headers({ keyHeader: 'api-key' }, 'k')).toMatchObject({ 'api-key': 'k' });
    expect(headers({})).not.toHaveProperty('authorization');
  });

  test('name organisation and project, and take more', () => {
    const extraHeaders = 'X-Title: Parley: chat\r\n\nHTTP-Referer: https://example.com\n';
    expect(headers({ organization: 'o', project: 'p', extraHeaders })).toMatchObject({
      'openai-organization': 'o',
      'openai-project': 'p',
      'x-title': 'Parley: chat',
      'http-referer': 'https://example.com',
    });
    expect(() => headers({ extraHeaders: 'no colon' })).toThrow('More headers: "no colon"');
  });
});

describe('a refused field', () => {
  const sent = { model: 'm', messages: [], stream: true, temperature: 1, max_tokens: 5, stream_options: {}, tools: [] };
  test.each([
    [{ error: { code: 'unsupported_value', param: 'temperature', message: 'Unsupported value' } }, 'temperature'],
    [
      { error: { code: 'unsupported_parameter', param: 'max_tokens', message: 'Use max_completion_tokens' } },
      'max_tokens',
    ],
    [{ error: { message: 'Unrecognized request argument supplied: stream_options' } }, 'stream_options'],
    [{ detail: [{ loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' }] }, 'stream_options'],
    [{ error: { code: 'unsupported_value', param: 'messages[0].role', message: 'role is not supported' } }, undefined],
    [{ error: { message: 'temperature must be below 2' } }, undefined],
    [{ error: { code: 'unsupported_parameter', param: 'model' } }, undefined],
  ])('of %j is %s', (answer, field) => {
    expect(refusedField(factsOfBody(JSON.stringify(answer)), sent)).toBe(field);
  });

  test('goes, but a token limit only changes its name', () => {
    expect(withoutField(sent, 'temperature')).not.toHaveProperty('temperature');
    expect(withoutField(sent, 'max_tokens')).toMatchObject({ max_completion_tokens: 5 });
    expect(withoutField({ max_completion_tokens: 5 }, 'max_completion_tokens')).toEqual({ max_tokens: 5 });
  });
});
