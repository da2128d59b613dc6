// @vitest-environment node
import { describe, expect, it } from 'vitest';
import type { TurnEvent, TurnFrame } from '@parley/sdk/contract';
import { seededRandom } from '../testing/seeded-random.ts';
import { isFinal, reduceFrame, startReply, type LiveReply } from './turn-reducer.ts';

const turnId = 'turn-a';
const messageId = 'message-a';
const usage = { input: 3, output: 5, countedBy: 'provider' as const };

function frame(...events: TurnEvent[]): TurnFrame {
  return { conversationId: 'conversation-a', turnId, messageId, events };
}
function texts(from: number, ...parts: string[]): TurnEvent[] {
  return parts.map((text, index) => ({ seq: from + index, type: 'text', text }));
}
function after(...frames: TurnFrame[]): LiveReply {
  return frames.reduce((reply, each) => reduceFrame(reply, each).reply, startReply(turnId, messageId));
}

describe('a live reply', () => {
  it('grows by each text event in order', () => {
    expect(after(frame(...texts(1, 'Hel', 'lo')), frame(...texts(3, '!')))).toMatchObject({
      text: 'Hello!',
      lastSeq: 3,
    });
  });

  it('is untouched by a frame of another turn', () => {
    const reply = after(frame(...texts(1, 'a')));
    const other = { ...frame(...texts(2, 'b')), turnId: 'turn-b' };
    expect(reduceFrame(reply, other)).toEqual({ reply, outcome: 'ignored' });
  });

  it('ignores what it has already', () => {
    const reply = after(frame(...texts(1, 'a', 'b')));
    expect(reduceFrame(reply, frame(...texts(1, 'a', 'b')))).toEqual({ reply, outcome: 'ignored' });
  });

  it('takes the new half of a frame it half knows', () => {
    expect(after(frame(...texts(1, 'a', 'b')), frame(...texts(2, 'b', 'c'))).text).toBe('abc');
  });

  it('asks to join again when events are missing, and takes nothing beyond the gap', () => {
    const reply = after(frame(...texts(1, 'a')));
    expect(reduceFrame(reply, frame(...texts(3, 'c')))).toEqual({ reply, outcome: 'gap' });
  });

  it('is replaced by a snapshot, whatever was missing', () => {
    const reply = after(
      frame(...texts(1, 'a')),
      frame({ seq: 9, type: 'snapshot', text: 'abcdef', reasoning: 'r', state: 'running' }),
    );
    expect(reply).toMatchObject({ text: 'abcdef', reasoning: 'r', state: 'running', lastSeq: 9 });
  });

  it('keeps an older snapshot out', () => {
    const reply = after(
      frame(...texts(1, 'a', 'b')),
      frame({ seq: 1, type: 'snapshot', text: 'a', reasoning: '', state: 'running' }),
    );
    expect(reply.text).toBe('ab');
  });

  it('joins the pieces of a tool call', () => {
    const reply = after(
      frame(
        { seq: 1, type: 'toolCall', index: 0, id: 'c1', name: 'add', arguments: '{"a":' },
        { seq: 2, type: 'toolCall', index: 0, arguments: '1}' },
      ),
    );
    expect(reply.toolCalls).toEqual([{ id: 'c1', name: 'add', arguments: '{"a":1}' }]);
  });

  it('ends with its usage or its failure', () => {
    const done = after(frame(...texts(1, 'a'), { seq: 2, type: 'completed', finishReason: 'stop', usage }));
    expect(done).toMatchObject({ state: 'completed', finishReason: 'stop', usage });
    const failure = { code: 'provider.rate-limited', detail: 'Busy.', retryable: true };
    expect(after(frame({ seq: 1, type: 'failed', failure }))).toMatchObject({ state: 'failed', failure });
    expect(isFinal(done.state)).toBe(true);
  });
});

/** A server that keeps the whole log and answers a join the way the contract says. */
function replay(log: TurnEvent[], afterSeq: number, random: () => number): TurnFrame {
  const known = log.slice(0, afterSeq === 0 ? 1 + Math.floor(random() * log.length) : log.length);
  if (afterSeq > 0) return frame(...log.slice(afterSeq));
  const text = known.map((event) => (event.type === 'text' ? event.text : '')).join('');
  const ended = known.length === log.length;
  return frame({ seq: known.length, type: 'snapshot', text, reasoning: '', state: ended ? 'completed' : 'running' });
}

describe('any duplication, loss, reordering and rejoin', () => {
  it.each(Array.from({ length: 200 }, (_, seed) => seed))('gives exactly the text (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const log: TurnEvent[] = [
      ...texts(1, ...Array.from({ length: 1 + Math.floor(random() * 40) }, (_, index) => `${index}.`)),
    ];
    log.push({ seq: log.length + 1, type: 'completed', finishReason: 'stop', usage });
    const whole = log.map((event) => (event.type === 'text' ? event.text : '')).join('');

    const frames: TurnFrame[] = [];
    for (let at = 0; at < log.length;) {
      const size = 1 + Math.floor(random() * 4);
      frames.push(frame(...log.slice(at, at + size)));
      at += size;
    }
    const arriving = frames
      .flatMap((each) => (random() < 0.2 ? [] : random() < 0.3 ? [each, each] : [each]))
      .map((each) => ({ each, at: random() < 0.2 ? random() : 0 }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ each }) => each);

    let reply = startReply(turnId, messageId);
    for (const each of arriving) {
      const reduction = reduceFrame(reply, each);
      reply = reduction.reply;
      expect(whole.startsWith(reply.text)).toBe(true);
      if (reduction.outcome === 'gap') reply = reduceFrame(reply, replay(log, reply.lastSeq, random)).reply;
    }
    while (!isFinal(reply.state)) reply = reduceFrame(reply, replay(log, reply.lastSeq, random)).reply;
    expect(reply.text).toBe(whole);
    expect(reply.lastSeq).toBe(log.length);
  });
});
