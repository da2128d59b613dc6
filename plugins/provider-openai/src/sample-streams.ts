/** Streams as servers send them, made up, in the shapes that recordings show. For tests. */

const chunk = (delta: unknown, more: Record<string, unknown> = {}, finish: string | null = null) => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
});
const usage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };
const data = (value: unknown) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
const stream = (...events: unknown[]) => events.map(data).join('');
const text = (content: string) => chunk({ content });
const stop = chunk({}, {}, 'stop');
const roll = { type: 'toolCall', index: 0, name: 'roll' };
const done = '[DONE]';

export interface Sample {
  name: string;
  body: string;
  /** The parts, with neighbouring texts joined and without `start`. */
  parts: Record<string, unknown>[];
}
const finish = { type: 'finish', reason: 'stop', raw: 'stop' };
const callsFinish = { type: 'finish', reason: 'tool_calls', raw: 'tool_calls' };
const counted = { type: 'usage', input: 9, output: 2 };

export const textSamples: Sample[] = [
  {
    name: 'OpenAI with usage in a last chunk and a comment between',
    body: [
      data(chunk({ role: 'assistant', content: '', refusal: null }, { usage: null, obfuscation: 'x' })),
      ': keep-alive\n\n',
      data(chunk({ content: 'Hé 😀' }, { usage: null })),
      data(chunk({ content: ' 你好' }, { usage: null })),
      data(chunk({}, { usage: null }, 'stop')),
      data({ ...chunk({}), choices: [], usage }),
      data(done),
    ].join(''),
    parts: [{ type: 'text', text: 'Hé 😀 你好' }, counted, finish],
  },
  { name: 'no [DONE]', body: stream(text('Hi'), stop), parts: [{ type: 'text', text: 'Hi' }, finish] },
  {
    name: '[DONE] twice and something behind it',
    body: stream(text('Hi'), stop, done, done, text('no')),
    parts: [{ type: 'text', text: 'Hi' }, finish],
  },
  {
    name: 'only [DONE] at the end',
    body: stream(text('Hi'), chunk({}, {}, ''), done),
    parts: [
      { type: 'text', text: 'Hi' },
      { type: 'finish', reason: 'stop' },
    ],
  },
  {
    name: 'a last event that no blank line ends',
    body: `${stream(text('Hi'))}data: ${JSON.stringify(stop)}`,
    parts: [{ type: 'text', text: 'Hi' }, finish],
  },
  {
    name: 'CRLF, no blank behind the colon, ids and retry',
    body: `id:7\r\nretry: 100\r\ndata:${JSON.stringify(text('Hi'))}\r\n\r\ndata:${JSON.stringify(stop)}\r\n\r\n`,
    parts: [{ type: 'text', text: 'Hi' }, finish],
  },
  {
    name: 'several objects in one event',
    body: `data: ${JSON.stringify(text('a'))}\ndata: ${JSON.stringify(text('b'))}\n\n${stream(stop)}`,
    parts: [{ type: 'text', text: 'ab' }, finish],
  },
  {
    name: 'usage in every chunk',
    body: stream(
      chunk({ content: 'a' }, { usage: { prompt_tokens: 9, completion_tokens: 1 } }),
      chunk({ content: 'b' }, { usage }),
      stop,
      done,
    ),
    parts: [{ type: 'text', text: 'ab' }, counted, finish],
  },
  {
    name: 'usage first',
    body: stream({ ...chunk({}), choices: [], usage }, text('a'), stop),
    parts: [{ type: 'text', text: 'a' }, counted, finish],
  },
  {
    name: 'usage of Groq, twice',
    body: stream(
      chunk({ content: 'a' }, { x_groq: { id: 'r' } }),
      chunk({}, { x_groq: { usage }, usage }, 'stop'),
      done,
    ),
    parts: [{ type: 'text', text: 'a' }, counted, finish],
  },
  {
    name: 'usage of DeepSeek in the finish chunk, with cached input',
    body: stream(
      text('a'),
      chunk({}, { usage: { ...usage, prompt_cache_hit_tokens: 5, prompt_cache_miss_tokens: 4 } }, 'stop'),
      done,
    ),
    parts: [{ type: 'text', text: 'a' }, { ...counted, cachedInput: 5 }, finish],
  },
  {
    name: 'usage of zeros, which counts nothing',
    body: stream(text('a'), chunk({}, { usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } }, 'stop')),
    parts: [{ type: 'text', text: 'a' }, finish],
  },
  {
    name: 'Azure, whose first chunk names nothing',
    body: stream(
      { choices: [], created: 0, id: '', model: '', object: '', prompt_filter_results: [{ prompt_index: 0 }] },
      {
        ...text('Hi'),
        choices: [{ index: 0, delta: { content: 'Hi' }, content_filter_results: {}, finish_reason: null }],
      },
      chunk({}, {}, 'content_filter'),
      done,
    ),
    parts: [
      { type: 'text', text: 'Hi' },
      { type: 'finish', reason: 'filtered', raw: 'content_filter' },
    ],
  },
  {
    name: 'odd chunks: no delta, no choices, empty role, heartbeats in data',
    body: stream(
      'ping',
      {},
      { id: 'c1', choices: null },
      { id: 'c2', choices: [{ index: 0 }] },
      { id: 'c3', choices: [{ index: 0, delta: null, finish_reason: '' }] },
      chunk({ role: '', content: 'Hi' }, { error: null }),
      chunk({ content: null }, {}, 'length'),
      stop,
      done,
    ),
    parts: [
      { type: 'text', text: 'Hi' },
      { type: 'finish', reason: 'length', raw: 'length' },
    ],
  },
  {
    name: 'a refusal',
    body: stream(chunk({ role: 'assistant', refusal: 'I can' }), chunk({ refusal: 'not.' }), stop, done),
    parts: [
      { type: 'text', text: 'I cannot.' },
      { type: 'finish', reason: 'filtered', raw: 'stop' },
    ],
  },
];

const reasoned = [{ type: 'reasoning', text: 'We think' }, { type: 'text', text: 'Hi' }, finish];
export const reasoningSamples: Sample[] = [
  {
    name: 'reasoning_content of DeepSeek',
    body: stream(
      chunk({ role: 'assistant', content: null, reasoning_content: 'We ' }),
      chunk({ reasoning_content: 'think' }),
      chunk({ content: 'Hi', reasoning_content: null }),
      stop,
    ),
    parts: reasoned,
  },
  {
    name: 'reasoning of Groq',
    body: stream(chunk({ reasoning: 'We think' }), text('Hi'), stop),
    parts: reasoned,
  },
  {
    name: 'reasoning and reasoning_details of OpenRouter, told once',
    body: stream(
      chunk({ content: '', reasoning: 'We ', reasoning_details: [{ type: 'reasoning.text', text: 'We ' }] }),
      chunk({ content: '', reasoning_details: [{ type: 'reasoning.summary', summary: 'think' }] }),
      chunk({ content: 'Hi', reasoning_details: [{ type: 'reasoning.encrypted', data: 'xyz' }] }),
      stop,
    ),
    parts: reasoned,
  },
  {
    name: 'lists of parts of Mistral',
    body: stream(
      chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'We think' }] }] }),
      chunk({
        content: [
          { type: 'text', text: 'H' },
          { type: 'reference', reference_ids: [1] },
        ],
      }),
      text('i'),
      stop,
    ),
    parts: reasoned,
  },
  {
    name: 'think tags, cut between chunks',
    body: stream(...['\n<th', 'ink>\n', 'We th', 'ink</', 'think', '>\n\nH', 'i'].map(text), stop),
    parts: reasoned,
  },
  {
    name: 'text that only looks like a tag',
    body: stream(...['<thi', 'rd> a ', '<think>'].map(text), stop),
    parts: [{ type: 'text', text: '<third> a <think>' }, finish],
  },
];

export const toolSamples: Sample[] = [
  {
    name: 'OpenAI in pieces, cut inside of an escape and an emoji',
    body: stream(
      chunk({
        role: 'assistant',
        content: null,
        tool_calls: [{ index: 0, id: 'call_a', type: 'function', function: { name: 'roll', arguments: '' } }],
      }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a":"\\' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: 'n\ud83d' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '\ude00"}' } }] }),
      chunk({}, {}, 'tool_calls'),
      done,
    ),
    parts: [{ ...roll, id: 'call_a', arguments: '{"a":"\\n😀"}' }, callsFinish],
  },
  {
    name: 'two calls interleaved',
    body: stream(
      chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'roll', arguments: '{"s":' } }] }),
      chunk({ tool_calls: [{ index: 1, id: 'b', function: { name: 'flip', arguments: '' } }] }),
      chunk({
        tool_calls: [
          { index: 0, function: { arguments: '6}' } },
          { index: 1, function: { arguments: '{}' } },
        ],
      }),
      chunk({}, {}, 'tool_calls'),
    ),
    parts: [
      { ...roll, id: 'a', arguments: '{"s":6}' },
      { type: 'toolCall', index: 1, id: 'b', name: 'flip', arguments: '{}' },
      callsFinish,
    ],
  },
  {
    name: 'Mistral, whole and without index, in the finish chunk',
    body: stream(
      chunk(
        { content: null, tool_calls: [{ id: 'aB3dE5gH7', function: { name: 'roll', arguments: '{"sides": 6}' } }] },
        { usage },
        'tool_calls',
      ),
      done,
    ),
    parts: [{ ...roll, id: 'aB3dE5gH7', arguments: '{"sides": 6}' }, counted, callsFinish],
  },
  {
    name: 'Google, without index, ended by "stop"',
    body: stream(
      chunk({ tool_calls: [{ id: 'x', type: 'function', function: { name: 'roll', arguments: '{}' } }] }),
      chunk({ tool_calls: [{ id: 'y', type: 'function', function: { name: 'flip', arguments: '{}' } }] }),
      stop,
    ),
    parts: [
      { ...roll, id: 'x', arguments: '{}' },
      { type: 'toolCall', index: 1, id: 'y', name: 'flip', arguments: '{}' },
      { type: 'finish', reason: 'tool_calls', raw: 'stop' },
    ],
  },
  {
    name: 'a proxy that empties the name and the id later',
    body: stream(
      chunk({ tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'roll', arguments: '' } }] }),
      chunk({ tool_calls: [{ index: 0, id: null, function: { name: '', arguments: '{"sides":' } }] }),
      chunk({ tool_calls: [{ index: 0, id: '', type: 'function', function: { name: '', arguments: '6}' } }] }),
      chunk({}, {}, 'tool_calls'),
    ),
    parts: [{ ...roll, id: 'a', arguments: '{"sides":6}' }, callsFinish],
  },
  {
    name: 'a name and a new id with every piece',
    body: stream(
      chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'roll', arguments: '{"s":' } }] }),
      chunk({ tool_calls: [{ index: 0, id: 'b', function: { name: 'roll', arguments: '6}' } }] }),
      chunk({}, {}, 'tool_calls'),
    ),
    parts: [{ ...roll, id: 'a', arguments: '{"s":6}' }, callsFinish],
  },
  {
    name: 'several whole calls that share an index',
    body: stream(
      chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'roll', arguments: '{}' } }] }),
      chunk({ tool_calls: [{ index: 0, id: 'b', function: { name: 'roll', arguments: '{}' } }] }),
      stop,
    ),
    parts: [
      { ...roll, id: 'a', arguments: '{}' },
      { ...roll, index: 1, id: 'b', arguments: '{}' },
      { type: 'finish', reason: 'tool_calls', raw: 'stop' },
    ],
  },
  {
    name: 'arguments as an object, no id, the old function_call form',
    body: stream(chunk({ function_call: { name: 'roll', arguments: { sides: 6 } } }), chunk({}, {}, 'function_call')),
    parts: [
      { ...roll, id: 'made', arguments: '{"sides":6}' },
      { type: 'finish', reason: 'tool_calls', raw: 'function_call' },
    ],
  },
  {
    name: '"tool_calls" without any call',
    body: stream(text('Hi'), chunk({ tool_calls: [] }, {}, 'tool_calls')),
    parts: [
      { type: 'text', text: 'Hi' },
      { type: 'finish', reason: 'stop', raw: 'tool_calls' },
    ],
  },
];

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
