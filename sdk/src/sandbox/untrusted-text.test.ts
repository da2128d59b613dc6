import { describe, expect, it } from 'vitest';
import { isShallowJson } from './json-depth.ts';
import { cleanPluginText } from './plugin-text.ts';
import { readGuestLines } from './worker/guest-lines.ts';
import { createHostFunction } from './worker/bridge.ts';

describe('text of a plugin', () => {
  it('loses control characters and whatever is beyond its length', () => {
    expect(cleanPluginText('a\u0000b\u001b[31mc\u202ed\ne')).toBe('a b [31mc d e');
    expect(cleanPluginText('x'.repeat(5_000))).toHaveLength(1_000);
    expect(cleanPluginText(`${'x'.repeat(999)}😀`).isWellFormed()).toBe(true);
  });
});
describe('the depth of JSON', () => {
  it('is told without parsing, and brackets in texts do not count', () => {
    expect(isShallowJson('[[[]]]', 3)).toBe(true);
    expect(isShallowJson('[[[]]]', 2)).toBe(false);
    expect(isShallowJson(JSON.stringify({ a: '[[[[\\"[[[[' }), 1)).toBe(true);
    expect(isShallowJson('{"a":{"b":[1]}}', 2)).toBe(false);
    expect(isShallowJson('['.repeat(1_000_000), 64)).toBe(false);
  });
});
describe('lines of a guest', () => {
  it('are read as far as they make sense', () => {
    expect([...readGuestLines('p1,0:["x"]\nn1,0:\nnonsense\nx,:\np-1,e:x\nf2,3:"a:b,c"')]).toEqual([
      { letter: 'p', callId: 1, number: 0, payload: '["x"]' },
      { letter: 'n', callId: 1, number: 0, payload: '' },
      { letter: 'x', callId: 0, number: 0, payload: '' },
      { letter: 'f', callId: 2, number: 3, payload: '"a:b,c"' },
    ]);
  });
});
describe('the host function', () => {
  it('answers every nonsense with a refusal and never throws', () => {
    const host = createHostFunction();
    for (const [operation, payload] of [
      [1, 2],
      ['url', '{'],
      ['url', '[]'],
      ['url', '["::"]'],
      ['url', '["http://h/",null,"__proto__","x"]'],
      ['digest', '["MD5",""]'],
      ['digest', '{}'],
      ['hmac', '[]'],
      ['random', '1e9'],
      ['random', '-1'],
      ['constructor', ''],
      ['__proto__', '[]'],
    ]) {
      expect(host(operation, payload)).toBe('-invalid');
    }
    expect(host('digest', 'x'.repeat(5_000_000))).toBe('-budget');
    expect(host('random', '4')).toHaveLength(5);
  });
});
