import { chunk, counted, data, done, finish, stop, stream, text, usage, type Sample } from './pieces.ts';

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
