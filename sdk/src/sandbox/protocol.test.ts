import { describe, expect, it } from 'vitest';
import { ProtocolViolation } from './framing.ts';
import { readWorkerFrame } from './protocol.ts';

describe('what a worker says', () => {
  it('passes when every message is known and whole', () => {
    const messages = [
      ['ready'],
      ['loaded', 0, '{}', null, null],
      [
        'parts',
        [
          [1, ['text', { type: 'usage', input: 1 }]],
          [2, ['a', 'b'], [1, { text: 'x' }]],
        ],
      ],
      ['filtered', 1, 1],
      ['filtered', 1, { text: 'x', block: { rule: 'r' } }],
      ['done', 1, '{}', 3],
      ['failed', 1, 'sandbox.threw', 'x', 0],
      ['end', 1, 0],
      ['ask', 1, 2, 'storage.get', '{}'],
      ['log', 0, 1, 'info', 'x'],
      ['stats', [[0, 1]], 5],
      ['pong', 1],
    ];
    expect(readWorkerFrame(JSON.stringify(messages))).toEqual(messages);
  });
  it.each([
    'not json',
    '{}',
    '[1]',
    '[[]]',
    '[["unknown"]]',
    '[["parts",1]]',
    '[["parts",[1]]]',
    '[["parts",[[1]]]]',
    '[["parts",[[-1,[]]]]]',
    '[["parts",[[1.5,[]]]]]',
    '[["parts",[[1,[5]]]]]',
    '[["parts",[[1,[null]]]]]',
    '[["parts",[[1,[[]]]]]]',
    '[["parts",[[1,[{"type":"x","a":{"b":{"c":1}}}]]]]]',
    '[["parts",[[1,["a"],[2]]]]]',
    '[["parts",[[1,["a"],1]]]]',
    '[["parts",[[1,["a"],[1],1]]]]',
    '[["filtered",1,2]]',
    '[["done",1,{},0]]',
    '[["done",1,"{}",-1]]',
    '[["failed",1,"sandbox.made-up",null,0]]',
    '[["failed",1,"sandbox.stopped",null,0]]',
    '[["ask",1,2,5,"{}"]]',
    `[["ask",1,2,"${'n'.repeat(65)}","{}"]]`,
    '[["log",0,1,"fatal","x"]]',
    '[["stats",[[0]],1]]',
    '[["pong","1"]]',
    '[["ready",1]]',
  ])('is a violation: %s', (frame) => {
    expect(() => readWorkerFrame(frame)).toThrow(ProtocolViolation);
  });
});
