import { expect, test } from 'vitest';
import { ChunkEncoder } from './chunk-encoder.ts';

const head = { id: 'chatcmpl-1', created: 7, model: 'demo/"quoted"' };
const encoder = (includeUsage: boolean) => new ChunkEncoder(head, { includeUsage, makeCallId: () => 'call_made' });
const read = (lines: string) =>
  lines
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => {
      expect(event.startsWith('data: ')).toBe(true);
      const data = event.slice('data: '.length);
      return data === '[DONE]' ? data : JSON.parse(data);
    });

test('every chunk carries id, object, created, model and a delta', () => {
  const chunks = encoder(false);
  const all = read(chunks.opening() + chunks.reasoning('Hm') + chunks.text('a "b"\n\u2028é'));
  for (const chunk of all) {
    expect(chunk).toMatchObject({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 7,
      model: 'demo/"quoted"',
    });
    expect(chunk.choices[0]).toMatchObject({ index: 0, finish_reason: null });
    expect(chunk).not.toHaveProperty('usage');
  }
  expect(all.map((chunk) => chunk.choices[0].delta)).toEqual([
    { role: 'assistant', content: '' },
    { reasoning_content: 'Hm' },
    { content: 'a "b"\n\u2028é' },
  ]);
});

test('usage is null until the last chunk when it was asked for', () => {
  const chunks = encoder(true);
  const all = read(chunks.text('a') + chunks.closing('length', { input: 3, output: 1, countedBy: 'provider' }, null));
  expect(all[0].usage).toBeNull();
  expect(all[1]).toMatchObject({ usage: null, choices: [{ delta: {}, finish_reason: 'length' }] });
  expect(all[2]).toMatchObject({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 } });
  expect(all[3]).toBe('[DONE]');
});

test('the first piece of a call says id, type and name; later ones only arguments; a missing id is made', () => {
  const chunks = encoder(false);
  const deltas = read(
    chunks.toolCall({ index: 0, name: 'roll', arguments: '' }) +
      chunks.toolCall({ index: 0, name: '', arguments: '{"sides":6}' }) +
      chunks.closing('stop', { input: 1, output: 1, countedBy: 'us' }, null),
  );
  expect(deltas[0].choices[0].delta.tool_calls).toEqual([
    { index: 0, id: 'call_made', type: 'function', function: { name: 'roll', arguments: '' } },
  ]);
  expect(deltas[1].choices[0].delta.tool_calls).toEqual([{ index: 0, function: { arguments: '{"sides":6}' } }]);
  expect(deltas[2].choices[0].finish_reason).toBe('tool_calls');
});

test('a failure has no end mark', () => {
  const line = ChunkEncoder.failure({
    error: { message: 'upstream died', type: 'server_error', param: null, code: null },
  });
  expect(read(line)).toEqual([{ error: { message: 'upstream died', type: 'server_error', param: null, code: null } }]);
});
