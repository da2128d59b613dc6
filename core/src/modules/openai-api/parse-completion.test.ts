import { describe, expect, test } from 'vitest';
import { OpenAiError } from './openai-error.ts';
import { parseCompletion } from './parse-completion.ts';

const hello = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
function refusal(body: unknown) {
  try {
    parseCompletion(body);
  } catch (error) {
    if (error instanceof OpenAiError) return { status: error.status, ...error.body.error };
    throw error;
  }
  return null;
}

describe('a completion request', () => {
  test('ignores what it does not know', () => {
    expect(refusal({ ...hello, store: true, metadata: { a: 1 }, service_tier: 'flex', 'x-odd': [] })).toBeNull();
  });

  test('takes null for what may be absent', () => {
    expect(refusal({ ...hello, stream: null, stream_options: null, tools: null, stop: null, n: null })).toBeNull();
  });

  test.each([
    [{ ...hello, model: 7 }, 'model'],
    [{ model: 'm' }, 'messages'],
    [{ ...hello, messages: [] }, 'messages'],
    [{ ...hello, temperature: 3 }, 'temperature'],
    [{ ...hello, temperature: 'hot' }, 'temperature'],
    [{ ...hello, messages: [{ role: 'user', content: 5 }] }, 'messages.0.content'],
    [{ ...hello, messages: [{ role: 'wizard', content: 'x' }] }, 'messages.0.role'],
    [{ ...hello, messages: [{ role: 'tool', content: 'x' }] }, 'messages.0.tool_call_id'],
    [{ ...hello, tools: [{ type: 'function', function: { name: 'a b' } }] }, 'tools.0.function.name'],
    [
      {
        ...hello,
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'http://x/a.png' } }] }],
      },
      'messages.0.content.0.image_url.url',
    ],
  ])('names the path of what is wrong: %j', (body, param) => {
    expect(refusal(body)).toMatchObject({ status: 400, type: 'invalid_request_error', param });
  });

  test.each([
    [{ n: 2 }, 'n'],
    [{ logprobs: true }, 'logprobs'],
    [{ modalities: ['audio'] }, 'modalities'],
    [{ functions: [] }, 'functions'],
  ])('refuses what cannot be honoured: %j', (extra, param) => {
    expect(refusal({ ...hello, ...extra })).toMatchObject({ status: 400, code: 'unsupported_parameter', param });
  });

  test.each([null, 'text', 7, []])('that is %j is refused as a whole', (body) => {
    expect(refusal(body)).toMatchObject({ status: 400, type: 'invalid_request_error' });
  });
});
