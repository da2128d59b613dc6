// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { startReply, type LiveReply } from '../stream/turn-reducer.ts';
import { ReplyAnnouncer } from './reply-announcer.ts';

function setUp(setting: 'off' | 'finished' | 'live') {
  const said: string[] = [];
  let now = 0;
  const announcer = new ReplyAnnouncer({
    say: (text) => said.push(text),
    words: (key) => key,
    finished: (text) => `done: ${text}`,
    failed: (text) => `failed: ${text}`,
    cost: (reply) => (reply.receipt === null ? '' : `${reply.receipt.charged}`),
    withCost: (words, cost) => `${words} costs ${cost}`,
    setting: () => setting,
    now: () => now,
  });
  return { announcer, said, later: (ms: number) => (now += ms) };
}
const reply = (change: Partial<LiveReply>): LiveReply => ({ ...startReply('t', 'm'), ...change });

describe('what is announced of a reply', () => {
  it('is its start, once, and its first 500 characters at the end', () => {
    const { announcer, said } = setUp('finished');
    announcer.moved(reply({ state: 'running' }));
    announcer.moved(reply({ state: 'running', text: 'a' }));
    announcer.moved(reply({ state: 'completed', text: 'a'.repeat(600) }));
    expect(said).toEqual(['said-start', `done: ${'a'.repeat(500)}`]);
  });

  it('is nothing when turned off', () => {
    const { announcer, said } = setUp('off');
    announcer.moved(reply({ state: 'running' }));
    announcer.moved(reply({ state: 'completed', text: 'a' }));
    expect(said).toEqual([]);
  });

  it('is whole sentences, at most every three seconds, when Live', () => {
    const { announcer, said, later } = setUp('live');
    announcer.moved(reply({ state: 'running' }));
    announcer.grew(reply({ state: 'running', text: 'One. Tw' }));
    later(3000);
    announcer.grew(reply({ state: 'running', text: 'One. Two. Thr' }));
    announcer.grew(reply({ state: 'running', text: 'One. Two. Three. ' }));
    later(3000);
    announcer.grew(reply({ state: 'running', text: 'One. Two. Three. Fo' }));
    announcer.moved(reply({ state: 'completed', text: 'One. Two. Three. Four.' }));
    expect(said).toEqual(['said-start', 'One. Two.', 'Three.', 'done: Four.']);
  });

  it('ends with what it has cost', () => {
    const { announcer, said } = setUp('finished');
    const receipt = { charged: 5 } as LiveReply['receipt'];
    announcer.moved(reply({ state: 'completed', text: 'a', receipt }));
    announcer.moved(reply({ state: 'stopped', text: 'a', receipt }));
    expect(said).toEqual(['done: a costs 5', 'said-stopped costs 5']);
  });

  it('names the failure', () => {
    const { announcer, said } = setUp('finished');
    announcer.moved(reply({ state: 'failed', failure: { code: 'x', detail: 'Busy.', retryable: true } }));
    expect(said).toEqual(['failed: Busy.']);
  });
});
