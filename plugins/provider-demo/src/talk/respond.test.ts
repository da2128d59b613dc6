import { describe, expect, test } from 'vitest';
import { chinese } from './chinese.ts';
import { english } from './english.ts';
import { reflect } from './reflect.ts';
import { respond } from './respond.ts';

const said = (...texts: string[]) => texts.map((text) => ({ text, pictures: 0 }));
const answer = (...texts: string[]) => respond(said(...texts), 'en').text;

test.each([
  ['my mother hates me', 'en', 'your mother hates you'],
  ['you are like my brother!', 'en', 'I am like your brother'],
  ["I'm afraid of you", 'en', 'you are afraid of me'],
  ['talk to myself', 'en', 'talk to yourself'],
  ['我的猫不喜欢你。', 'zh', '你的猫不喜欢我'],
] as const)('%j is turned around', (text, language, turned) => {
  expect(reflect(text, language)).toBe(turned);
});

test.each([
  ['What is 12 * 7?', '12 * 7 = 84'],
  ['3+4', '3 + 4 = 7'],
  ['计算 10 / 4', '10 / 4 = 2.5'],
  ['999999999 x 999999999', '999999999 x 999999999 = 999999998000000001'],
])('the sum %j is answered', (question, result) => {
  expect(answer(question)).toBe(result);
});

test('a division by zero is left to the patterns', () => {
  expect(answer('what is 1 / 0?')).not.toContain('=');
});

test('what was matched comes back turned around', () => {
  expect(answer('I need a longer holiday from my boss.')).toContain('a longer holiday from your boss');
  expect(answer('我需要一个假期。')).toContain('一个假期');
});

test('something said earlier is remembered when nothing else fits', () => {
  const replies = Array.from({ length: 30 }, (_, i) => answer('My garden is full of weeds.', `Lorem ipsum ${i}.`));
  expect(replies.some((reply) => reply.includes('your garden is full of weeds'))).toBe(true);
});

test('a name is used now and then', () => {
  const replies = Array.from({ length: 30 }, (_, i) => answer('Hello, my name is Ada', `I feel odd ${i}`));
  expect(replies.some((reply) => reply.startsWith('Ada, '))).toBe(true);
  expect(replies.some((reply) => !reply.startsWith('Ada, '))).toBe(true);
});

test('a dollar sign in what a person said stays what it is', () => {
  expect(answer('I need $& and $1 today')).toContain('$& and $1 today');
});

describe.each([
  ['English', english],
  ['Chinese', chinese],
])('%s', (_, talk) => {
  test('knows several dozen patterns', () => {
    expect(talk.rules.length).toBeGreaterThanOrEqual(40);
  });

  test('refers only to groups that its patterns have', () => {
    for (const { pattern, answers } of talk.rules) {
      const groups = (new RegExp(`${pattern.source}|`, pattern.flags).exec('')?.length ?? 1) - 1;
      for (const text of answers) {
        for (const [, group] of text.matchAll(/\$(\d)/g)) expect(Number(group)).toBeLessThanOrEqual(groups);
      }
    }
  });

  test('reads a hostile text of 100,000 characters at once', () => {
    const started = process.cpuUsage();
    for (const text of ['my '.repeat(40_000), 'I want '.repeat(20_000), '我想'.repeat(50_000)]) answer(text);
    expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
  });
});
