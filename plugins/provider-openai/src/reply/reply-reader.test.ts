import { SseSplitter } from '@parley/sdk/sandbox/egress';
import { describe, expect, test } from 'vitest';
import { joinParts } from '../testing/join-parts.ts';
import { brokenSamples } from '../testing/samples/faults.ts';
import type { Sample } from '../testing/samples/pieces.ts';
import { reasoningSamples } from '../testing/samples/reasoning.ts';
import { textSamples } from '../testing/samples/text.ts';
import { toolSamples } from '../testing/samples/tool-calls.ts';
import { ReplyReader } from './reply-reader.ts';
import { ToolCalls } from './tool-calls.ts';

type ReaderSettings = ConstructorParameters<typeof ReplyReader>[0];
const usual: ReaderSettings = { reasoningField: 'auto', thinkTags: 'start' };

function read(pieces: readonly Uint8Array[], settings = usual) {
  const reader = new ReplyReader(settings, { status: 200 }, new ToolCalls(() => 'made'));
  const splitter = new SseSplitter();
  const parts = pieces.flatMap((piece) => {
    for (const event of splitter.push(piece)) reader.readEvent(event);
    return reader.take();
  });
  for (const event of splitter.end()) reader.readEvent(event);
  return joinParts([...parts, ...reader.finish()]);
}

/** Event by event, and those that fit the reader's frame pass by it, as the host does it. */
function readPassing(bytes: Uint8Array) {
  const reader = new ReplyReader(usual, { status: 200 }, new ToolCalls(() => 'made'));
  const splitter = new SseSplitter();
  const parts: ReturnType<ReplyReader['take']> = [];
  let passed = 0;
  for (const event of [...splitter.push(bytes), ...splitter.end()]) {
    const { before, after } = reader.textFrame ?? { before: event.data, after: ' ' };
    if (event.event === '' && event.data.startsWith(before) && event.data.endsWith(after)) {
      const inside = event.data.slice(before.length, event.data.length - after.length);
      parts.push({ type: 'text', text: JSON.parse(`"${inside}"`) as string });
      passed += 1;
    } else reader.readEvent(event);
    parts.push(...reader.take());
  }
  return { parts: joinParts([...parts, ...reader.finish()]), passed };
}

/** Errors may say more than a sample names. */
const partsOf = (sample: Sample) => sample.parts.map((part) => expect.objectContaining(part));

describe.each([
  ['text', textSamples],
  ['reasoning', reasoningSamples],
  ['tool calls', toolSamples],
  ['faults', brokenSamples],
])('%s', (_, samples) => {
  test.each(samples)('$name, with text that passes by', (sample) => {
    expect(readPassing(new TextEncoder().encode(sample.body)).parts).toEqual(partsOf(sample));
  });
  test.each(samples)('$name, cut at every byte', (sample) => {
    const bytes = new TextEncoder().encode(sample.body);
    expect(read([bytes])).toEqual(partsOf(sample));
    for (let at = 1; at < bytes.length; at++) {
      expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(partsOf(sample));
    }
    expect(read(Array.from(bytes, (_byte, i) => bytes.subarray(i, i + 1)))).toEqual(partsOf(sample));
  });
});

const stream = (...contents: string[]) =>
  contents
    .map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)
    .concat('data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n')
    .map((event) => new TextEncoder().encode(event));

describe('think tags', () => {
  test('anywhere are found later on, too', () => {
    const pieces = stream('Hm. <think>a</think>', ' One <thi', 'nk>b</think> two');
    expect(read(pieces, { ...usual, thinkTags: 'anywhere' }).slice(0, -1)).toEqual([
      { type: 'text', text: 'Hm. ' },
      { type: 'reasoning', text: 'a' },
      { type: 'text', text: 'One ' },
      { type: 'reasoning', text: 'b' },
      { type: 'text', text: 'two' },
    ]);
  });

  test('stay in the text when switched off', () => {
    expect(read(stream('<think>a</think>b'), { ...usual, thinkTags: 'off' })[0]).toEqual({
      type: 'text',
      text: '<think>a</think>b',
    });
  });

  test('that never close hold no word back', () => {
    expect(read(stream('<think>a </thi')).slice(0, -1)).toEqual([{ type: 'reasoning', text: 'a </thi' }]);
  });
});

test('chunks that are alike read as they do one by one', () => {
  const contents = ['Hi', ' "you"', '', ' <thi', 'nk>', '\n', '再见', ' a\\b', ' end', '🙂'].flatMap((text) => [
    text,
    'x',
    text,
  ]);
  const chunks = contents.map((content, at) => ({
    id: at < 20 ? 'c1' : 'c2',
    choices: [{ delta: at % 7 === 3 ? { content, reasoning: 'hm' } : { content } }],
    ...(at === 12 && { usage: { prompt_tokens: 3, completion_tokens: 1 } }),
  }));
  const byEvents = new ReplyReader(usual, { status: 200 });
  const byChunks = new ReplyReader(usual, { status: 200 });
  for (const chunk of chunks) byEvents.readEvent({ event: '', data: JSON.stringify(chunk) });
  for (const chunk of chunks) byChunks.readChunk(chunk);
  expect(byEvents.take()).toEqual(byChunks.take());
  expect(byEvents.finish()).toEqual(byChunks.finish());
});

test('reasoning is thrown away when nobody wants it', () => {
  const pieces = stream('<think>a</think>b');
  expect(read(pieces, { ...usual, reasoningField: 'none' })[0]).toEqual({ type: 'text', text: 'b' });
});

test('a reply starts with the names the server gave', () => {
  const reader = new ReplyReader(usual, { status: 200 });
  reader.readChunk({ id: '', model: '', choices: [] });
  reader.readChunk({ id: 'c1', model: 'gpt-x-2026', choices: [{ delta: { content: 'a' } }] });
  expect(reader.take()).toEqual([
    { type: 'start', providerId: 'c1', model: 'gpt-x-2026' },
    { type: 'text', text: 'a' },
  ]);
});

test('what comes together is passed on together', () => {
  const reader = new ReplyReader(usual, { status: 200 });
  for (const content of ['a', 'b', 'c']) reader.readChunk({ choices: [{ delta: { content } }] });
  expect(reader.take().filter(({ type }) => type === 'text')).toEqual([{ type: 'text', text: 'abc' }]);
});

test('reasoning counted beside the output is added to it when the total says so', () => {
  const reader = new ReplyReader(usual, { status: 200 });
  const usage = {
    prompt_tokens: 10,
    completion_tokens: 5,
    total_tokens: 115,
    completion_tokens_details: { reasoning_tokens: 100 },
  };
  reader.readWhole({ usage, choices: [{ message: { content: 'a' }, finish_reason: 'stop' }] });
  expect(reader.finish()).toContainEqual({ type: 'usage', input: 10, output: 105, reasoning: 100 });
});

describe('text that need not be read', () => {
  const said = (content: string, rest: object = {}) =>
    `data: ${JSON.stringify({ id: 'c1', model: 'm', choices: [{ index: 0, delta: { content, ...rest } }] })}\n\n`;
  const readText = (...lines: string[]) => readPassing(new TextEncoder().encode(lines.join('')));

  test('passes by once its frame is known', () => {
    const { parts, passed } = readText(said('a'), said('b'), said('c\n'), 'data: [DONE]\n\n');
    expect(parts).toContainEqual({ type: 'text', text: 'abc\n' });
    expect(passed).toBe(2);
  });
  test('is read while tags of thinking may still come in it', () => {
    const { parts, passed } = readText(said('<think>'), said('why'), said('</think>'), said('so'), said('!'));
    expect(parts).toContainEqual({ type: 'reasoning', text: 'why' });
    expect(parts).toContainEqual({ type: 'text', text: 'so!' });
    expect(passed).toBe(1);
  });
  test('is read behind the end, after which nothing may be said', () => {
    const { parts } = readText(said('a'), 'data: [DONE]\n\n', said('b'));
    expect(parts).toContainEqual({ type: 'text', text: 'a' });
  });
});
