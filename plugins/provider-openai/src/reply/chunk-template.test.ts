import { describe, expect, test } from 'vitest';
import { ChunkTemplate } from './chunk-template.ts';

const chunk = (content: string, rest: object = {}) =>
  JSON.stringify({ id: 'c1', model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: null }], ...rest });

function taught(data: string, text: string): ChunkTemplate {
  const template = new ChunkTemplate();
  template.learn(data, text);
  return template;
}

describe('a chunk template', () => {
  test('reads the text of chunks that differ in nothing else', () => {
    const template = taught(chunk('Hello'), 'Hello');
    for (const text of [' world', 'Hello', '', '你好 😀', '}]', 'content', '\u2028']) {
      expect(template.textOf(chunk(text))).toBe(text);
    }
  });

  test.each(['a "word"', 'a\\b', 'a\nb', '\u0007', '","finish_reason":"stop","x":"'])(
    'leaves %j to the parser',
    (text) => {
      expect(taught(chunk('Hello'), 'Hello').textOf(chunk(text))).toBeUndefined();
      // Raw, as no server may send it.
      expect(taught(chunk('Hello'), 'Hello').textOf(chunk('Hello').replace('Hello', text))).toBeUndefined();
    },
  );

  test.each([
    ['another id', chunk('x', { id: 'c2' })],
    ['a reason of the end', chunk('x').replace('null', '"stop"')],
    ['usage behind it', chunk('x', { usage: { prompt_tokens: 1 } })],
    ['less than the template', '{"id":"c1"}'],
    ['only the beginning', chunk('x').slice(0, -1)],
    ['nothing', ''],
  ])('leaves a chunk with %s to the parser', (_, data) => {
    expect(taught(chunk('Hello'), 'Hello').textOf(data)).toBeUndefined();
  });

  test('knows nothing before it has learnt', () => {
    expect(new ChunkTemplate().textOf(chunk('x'))).toBeUndefined();
    expect(new ChunkTemplate().textOf('x')).toBeUndefined();
  });

  test('learns from Python, which puts blanks between', () => {
    const python = (text: string) => `{"choices": [{"delta": {"role": "assistant", "content": "${text}"}}]}`;
    expect(taught(python('Hello'), 'Hello').textOf(python(' you'))).toBe(' you');
  });

  test('does not learn from a chunk in which the text stands twice and the first is not what is read', () => {
    const twice = (text: string) => `{"choices":[{"delta":{"content":"${text}","content":"Hello"}}]}`;
    expect(taught(twice('Hello'), 'Hello').textOf(twice('you'))).toBeUndefined();
  });

  test('gives up on a server that changes something in every chunk, and not on one that does now and then', () => {
    const template = new ChunkTemplate();
    for (let time = 0; time < 5; time++) {
      template.learn(chunk('x', { created: time }), 'x');
      for (let count = 0; count < 4; count++) expect(template.textOf(chunk('y', { created: time }))).toBe('y');
      expect(template.isLearning).toBe(true);
    }
    for (let time = 10; template.isLearning; time++) template.learn(chunk('x', { created: time }), 'x');
    expect(template.textOf(chunk('y', { created: 9 }))).toBeUndefined();
  });
});
