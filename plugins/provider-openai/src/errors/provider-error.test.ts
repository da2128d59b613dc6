import { describe, expect, test } from 'vitest';
import { factsOfBody } from './error-facts.ts';
import { answerError } from './provider-error.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  answerError(
    factsOfBody(typeof body === 'string' ? body : JSON.stringify(body)),
    { status, headers: new Headers(headers) },
    now,
  );
const error = (fields: Record<string, unknown>) => ({ error: { message: 'no', ...fields } });

describe('an error is told by its code first and its status second', () => {
  test.each([
    [400, error({ type: 'invalid_request_error', param: 'x', code: null }), 'bad_request'],
    [400, error({ code: 'context_length_exceeded' }), 'context_length'],
    [400, error({ message: "This model's maximum context length is 8192 tokens", code: 400 }), 'context_length'],
    [
      400,
      error({ message: 'prompt is too long: 300000 tokens > 200000 maximum', type: 'invalid_request_error' }),
      'context_length',
    ],
    [413, error({ message: 'Please reduce the length of the messages' }), 'context_length'],
    [500, error({ message: 'the context window is fine', type: 'server_error' }), 'server'],
    [400, error({ code: 'content_filter', innererror: { code: 'ResponsibleAIPolicyViolation' } }), 'filtered'],
    [400, error({ code: 'data_inspection_failed' }), 'filtered'],
    [
      400,
      error({ message: 'Your credit balance is too low to access the API', type: 'invalid_request_error' }),
      'quota',
    ],
    [
      400,
      error({ message: 'You have reached your specified API usage limits', type: 'invalid_request_error' }),
      'quota',
    ],
    [401, error({ type: 'invalid_request_error', code: 'invalid_api_key' }), 'auth'],
    [401, '', 'auth'],
    [402, error({ message: 'Insufficient Balance', type: 'unknown_error', code: 'invalid_request_error' }), 'quota'],
    [403, error({ type: 'permission_error' }), 'auth'],
    [403, { error: { code: 403, message: 'flagged', metadata: { reasons: ['x'], flagged_input: 'y' } } }, 'filtered'],
    [404, error({ type: 'invalid_request_error', code: 'model_not_found' }), 'bad_request'],
    [404, { detail: 'Not Found' }, 'bad_request'],
    [408, { error: { code: 408, message: 'slow' } }, 'timeout'],
    [409, '', 'server'],
    [413, '<html><title>413 Request Entity Too Large</title></html>', 'bad_request'],
    [422, { detail: [{ loc: ['body', 'top_k'], msg: 'extra fields not permitted' }] }, 'bad_request'],
    [429, error({ type: 'requests', code: 'rate_limit_exceeded' }), 'rate_limit'],
    [429, error({ type: 'insufficient_quota', code: 'insufficient_quota' }), 'quota'],
    [429, error({ message: 'You exceeded your current quota, please check your plan' }), 'quota'],
    [429, { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } }, 'rate_limit'],
    [429, 'Too many', 'rate_limit'],
    [
      429,
      [{ error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'm', details: [{ retryDelay: '34.4s' }] } }],
      'overloaded',
    ],
    [
      429,
      { error: { status: 'RESOURCE_EXHAUSTED', details: [{ violations: [{ quotaId: 'RequestsPerDayPerProject' }] }] } },
      'quota',
    ],
    [400, { error: { status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID' }] } }, 'auth'],
    [500, error({ type: 'server_error' }), 'server'],
    [502, '<!doctype html><title>Bad gateway</title>', 'server'],
    [503, error({ code: 503 }), 'overloaded'],
    [503, error({ type: 'server_error', code: 'server_is_overloaded' }), 'overloaded'],
    [504, '', 'timeout'],
    [524, '', 'timeout'],
    [529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'overloaded'],
    [400, { object: 'error', message: 'boom', type: 'BadRequestError', code: 400 }, 'bad_request'],
    [200, { base_resp: { status_code: 1002, status_msg: 'rpm' } }, 'rate_limit'],
    [200, { base_resp: { status_code: 1027, status_msg: 'sensitive' } }, 'filtered'],
    [200, { error: { code: 429, message: 'upstream' } }, 'rate_limit'],
    [418, 'teapot', 'bad_request'],
  ])('%i %j is %s', (status, body, expected) => {
    const retryable = ['rate_limit', 'overloaded', 'server', 'timeout', 'interrupted'].includes(expected);
    expect(answer(status, body)).toMatchObject({ class: expected, retryable });
  });
});

describe('what an error says', () => {
  test.each([
    [{ error: { message: 'a sentence' } }, 'a sentence'],
    [{ error: 'a sentence' }, 'a sentence'],
    [{ message: 'a sentence' }, 'a sentence'],
    [{ detail: 'a sentence' }, 'a sentence'],
    [{ detail: [{ loc: ['body', 'x'], msg: 'a sentence' }] }, 'body.x: a sentence'],
    [{ errors: [{ message: 'a sentence' }] }, 'a sentence'],
    [[{ error: { message: 'a sentence' } }], 'a sentence'],
    ['a sentence', 'a sentence'],
    ['<html><head><title>502 Bad Gateway</title></head></html>', 'a page of HTML titled "502 Bad Gateway"'],
    ['', 'nothing'],
    ['{"half":', '{"half":'],
  ])('%j says %j', (body, message) => {
    expect(answer(500, body).message).toBe(`The server answered 500: ${message}`);
  });

  test('never holds a key, nor a page', () => {
    const message = 'Incorrect API key provided: sk-proj-abc123DEF. Use Authorization: Bearer abcdef123456 instead.';
    expect(answer(401, error({ message })).message).not.toMatch(/abc123|abcdef/);
    expect(answer(500, 'x'.repeat(100_000)).message.length).toBeLessThanOrEqual(500);
  });

  test('keeps code, status and the id of the request', () => {
    expect(answer(429, error({ code: 'rate_limit_exceeded' }), { 'x-request-id': 'req_1' })).toMatchObject({
      status: 429,
      providerCode: 'rate_limit_exceeded',
      requestId: 'req_1',
    });
  });
});

describe('how long to wait', () => {
  test.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': ' 3 ' }, 3000],
    [{ 'retry-after-ms': '1250.4', 'retry-after': '9' }, 1250],
    [{ 'retry-after-ms': 'x', 'retry-after': '9' }, 9000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 15:00:30 GMT', date: 'Sat, 21 Nov 2026 15:00:00 GMT' }, 30_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': 'NaN' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{}, undefined],
  ])('%j is %s ms', (headers, milliseconds) => {
    expect(answer(429, '', headers).retryAfterMs).toBe(milliseconds);
  });

  test('Google says it in the body', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' }];
    expect(answer(429, { error: { status: 'RESOURCE_EXHAUSTED', details } }).retryAfterMs).toBe(34_400);
  });

  test('a server may say itself whether to try again', () => {
    expect(answer(429, '', { 'x-should-retry': 'false' }).retryable).toBe(false);
    expect(answer(400, '', { 'x-should-retry': 'true' }).retryable).toBe(true);
  });
});
