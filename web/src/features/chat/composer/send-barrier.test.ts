// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { sendBarrier, type SendSituation } from './send-barrier.ts';

const free: SendSituation = {
  length: 10,
  maxChars: 100,
  runningHere: 0,
  perConversation: 5,
  running: 0,
  perUser: 15,
  modelCount: 2,
  modelKnown: true,
};

describe('what stands in the way of sending', () => {
  it('is nothing, usually', () => {
    expect(sendBarrier(free)).toBeNull();
    expect(sendBarrier({ ...free, modelCount: null, modelKnown: false })).toBeNull();
  });
  it('is the length, by how much', () => {
    expect(sendBarrier({ ...free, length: 103 })).toEqual({ kind: 'length', over: 3 });
  });
  it('is the number of running replies, here or everywhere', () => {
    expect(sendBarrier({ ...free, runningHere: 5, running: 5 })).toEqual({ kind: 'conversation', running: 5 });
    expect(sendBarrier({ ...free, runningHere: 1, running: 15 })).toEqual({ kind: 'user', running: 15 });
  });
  it('is a model that is missing', () => {
    expect(sendBarrier({ ...free, modelCount: 0 })).toEqual({ kind: 'no-models' });
    expect(sendBarrier({ ...free, modelKnown: false })).toEqual({ kind: 'model-gone' });
  });
});
