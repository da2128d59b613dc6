import { expect, test } from 'vitest';
import { parseCompletion } from './parse-completion.ts';
import { toChatRequest } from './to-chat-request.ts';

const convert = (body: object) => toChatRequest(parseCompletion({ model: 'm', ...body }));

test('messages of every role keep what they say', () => {
  const { messages } = convert({
    messages: [
      { role: 'developer', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'a cat' },
    ],
  });
  expect(messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is it?' },
        { type: 'image', url: 'https://example.com/a.png', detail: 'low' },
      ],
    },
    { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'look', arguments: '{}' }] },
    { role: 'tool', content: 'a cat', toolCallId: 'c1' },
  ]);
});

test('parameters travel under our names, absent ones stay away', () => {
  const { parameters } = convert({
    messages: [{ role: 'user', content: 'hi' }],
    max_tokens: 5,
    top_p: 0.5,
    stop: 'END',
    temperature: null,
  });
  expect(parameters).toEqual({ maxTokens: 5, topP: 0.5, stop: ['END'] });
});

test('max_completion_tokens wins over its old name', () => {
  const { parameters } = convert({
    messages: [{ role: 'user', content: 'hi' }],
    max_tokens: 5,
    max_completion_tokens: 7,
  });
  expect(parameters.maxTokens).toBe(7);
});

test('tools, their choice and the answer format are passed on', () => {
  const request = convert({
    messages: [{ role: 'user', content: 'hi' }],
    tools: [{ type: 'function', function: { name: 'roll', parameters: { type: 'object' } } }],
    tool_choice: { type: 'function', function: { name: 'roll' } },
    response_format: { type: 'json_schema', json_schema: { name: 'r', schema: {} } },
  });
  expect(request).toMatchObject({
    tools: [{ name: 'roll', parameters: { type: 'object' } }],
    toolChoice: { name: 'roll' },
    responseFormat: { type: 'json_schema', jsonSchema: { name: 'r', schema: {} } },
  });
});
