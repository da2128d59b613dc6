import { expect, test } from 'vitest';
import { StatementReader } from './statements.ts';

function message(type: string, ...texts: string[]): Buffer {
  const body = Buffer.from(texts.map((text) => `${text}\0`).join(''));
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(type), length, body]);
}
/** As a driver says it: who it is, a query, and a prepared statement twice. */
const said = Buffer.concat([
  message('', 'user', 'parley'),
  message('Q', 'begin'),
  message('P', 'chat.example', 'select $1'),
  message('B', '', 'chat.example', 'one'),
  message('E', ''),
  message('S'),
  message('B', '', 'chat.example', 'two'),
  message('P', '', 'select now()'),
  message('B', '', ''),
]);
const executed = [
  { words: 'begin', values: '' },
  { words: 'chat.example select $1', values: expect.stringContaining('one') },
  { words: 'chat.example select $1', values: expect.stringContaining('two') },
  { words: ' select now()', values: expect.any(String) },
];

test('what a connection executes is known by name, text and values', () => {
  expect(new StatementReader().read(said)).toEqual(executed);
});

test('it is the same wherever the network has cut it', () => {
  const reader = new StatementReader();
  expect([...said].flatMap((byte) => reader.read(Buffer.from([byte])))).toEqual(executed);
});
