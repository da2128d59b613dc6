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
  test('knows what stands around the text of a chunk', () => {
    const { frame } = taught(chunk('Hello'), 'Hello');
    expect(`${frame?.before} world${frame?.after}`).toBe(chunk(' world'));
  });

  test('knows nothing before it has learnt, and learns nothing from an empty text', () => {
    expect(new ChunkTemplate().frame).toBeUndefined();
    expect(taught(chunk(''), '').frame).toBeUndefined();
  });

  test.each(['a "word"', 'a\\b', 'a\nb', '\u0007'])(
    'does not learn from %j, which stands otherwise in JSON',
    (text) => {
      expect(taught(chunk(text), text).frame).toBeUndefined();
    },
  );

  test('learns from Python, which puts blanks between', () => {
    const python = (text: string) => `{"choices": [{"delta": {"role": "assistant", "content": "${text}"}}]}`;
    const { frame } = taught(python('Hello'), 'Hello');
    expect(`${frame?.before} you${frame?.after}`).toBe(python(' you'));
  });

  test('does not learn from a chunk in which the text stands twice and the first is not what is read', () => {
    const twice = (text: string) => `{"choices":[{"delta":{"content":"${text}","content":"Hello"}}]}`;
    expect(taught(twice('Hello'), 'Hello').frame).toBeUndefined();
  });

  test('learns the next frame when a chunk is unlike the one before', () => {
    const template = taught(chunk('x', { created: 1 }), 'x');
    template.learn(chunk('y', { created: 2 }), 'y');
    expect(template.frame?.after).toContain('"created":2');
  });

  test('gives up on a server that changes something in every chunk, and not on one that does now and then', () => {
    const template = new ChunkTemplate();
    for (let time = 0; time < 5; time++) {
      template.learn(chunk('x', { created: time }), 'x');
      template.notePassed(4 * (time + 1));
      expect(template.isLearning).toBe(true);
    }
    // The first one has still been worthwhile.
    for (let time = 10; time < 13; time++) template.learn(chunk('x', { created: time }), 'x');
    expect(template.isLearning).toBe(false);
  });

  test('does not count chunks of one batch, which could not pass, as tries', () => {
    const template = new ChunkTemplate();
    for (let time = 0; time < 9; time++) template.learn(chunk(`x${time}`), `x${time}`);
    expect(template.isLearning).toBe(true);
  });
});
