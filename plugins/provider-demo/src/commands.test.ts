import { expect, test } from 'vitest';
import { parseCommand } from './commands.ts';

test.each([
  ['/help', { name: 'help' }],
  ['  /HELP please', { name: 'help' }],
  ['/markdown', { name: 'markdown' }],
  ['/slow', { name: 'slow' }],
  ['/hang', { name: 'hang' }],
  ['/long', { name: 'long', words: 500 }],
  ['/long 40', { name: 'long', words: 40 }],
  ['/long 999999999', { name: 'long', words: 20_000 }],
  ['/long -3', { name: 'long', words: 500 }],
  ['/fail', { name: 'fail', afterWords: 0 }],
  ['/fail after 12', { name: 'fail', afterWords: 12 }],
  ['/fail 12', { name: 'fail', afterWords: 12 }],
  ['/dance now', { name: 'unknown', text: '/dance' }],
])('%j is understood', (message, command) => {
  expect(parseCommand(message)).toEqual(command);
});

test.each(['hello', 'a /slow word', '/', '/ 5', '', '//long'])('%j is no command', (message) => {
  expect(parseCommand(message)).toBeUndefined();
});
