import { chunk, data, done, stop, stream, text, type Sample } from './pieces.ts';

const failed = (more: Record<string, unknown>) => ({ type: 'error', ...more });
export const brokenSamples: Sample[] = [
  {
    name: 'an error object in the middle',
    body: stream(text('Hi'), { error: { message: 'upstream died', type: 'server_error', code: null } }, stop),
    parts: [{ type: 'text', text: 'Hi' }, failed({ class: 'server', retryable: true, providerCode: 'server_error' })],
  },
  {
    name: 'an error at once, as a text',
    body: stream({ error: 'model runner stopped' }),
    parts: [failed({ class: 'server' })],
  },
  {
    name: 'the flat error of vLLM',
    body: stream(text('Hi'), { object: 'error', message: 'boom', type: 'BadRequestError', code: 400 }),
    parts: [{ type: 'text', text: 'Hi' }, failed({ class: 'bad_request', retryable: false, status: 400 })],
  },
  {
    name: 'the error of OpenRouter, with a finish beside it',
    body: stream(chunk({ content: '' }, { error: { code: 502, message: 'provider disconnected' } }, 'error'), done),
    parts: [failed({ class: 'server', retryable: true, status: 502 })],
  },
  {
    name: 'a named error event',
    body: `event: error\n${stream({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })}`,
    parts: [failed({ class: 'overloaded', retryable: true })],
  },
  {
    name: 'a named error event of plain words',
    body: 'event: error\ndata: it broke\n\n',
    parts: [failed({ class: 'server' })],
  },
  {
    name: 'the base_resp of MiniMax',
    body: stream({ id: 'x', choices: null, base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }),
    parts: [failed({ class: 'quota', retryable: false, providerCode: '1008' })],
  },
  {
    name: 'finish_reason "error" alone',
    body: stream(text('Hi'), chunk({}, {}, 'error')),
    parts: [{ type: 'text', text: 'Hi' }, failed({ class: 'server', providerCode: 'error' })],
  },
  {
    name: 'the full machine of DeepSeek',
    body: stream(chunk({}, {}, 'insufficient_system_resource')),
    parts: [failed({ class: 'overloaded', retryable: true })],
  },
  {
    name: 'an end in the middle of JSON',
    body: `${stream(text('Hi'))}data: {"id":"c1","choi`,
    parts: [{ type: 'text', text: 'Hi' }, failed({ class: 'interrupted', retryable: true })],
  },
  {
    name: 'an end without a reason',
    body: stream(text('Hi')),
    parts: [{ type: 'text', text: 'Hi' }, failed({ class: 'interrupted' })],
  },
  {
    name: 'an event in the middle that is no JSON',
    body: stream(text('Hi'), '{"id":', text('there'), stop),
    parts: [{ type: 'text', text: 'Hi' }, failed({ class: 'server', providerCode: 'malformed_event' })],
  },
  { name: 'nothing', body: '', parts: [failed({ class: 'server', providerCode: 'empty_answer' })] },
  { name: 'comments only', body: ': a\n\n: b\n\n', parts: [failed({ class: 'server', providerCode: 'empty_answer' })] },
  { name: '[DONE] only', body: data(done), parts: [failed({ class: 'server', providerCode: 'empty_answer' })] },
];
