import type { TurnEvent, TurnFrame } from '@parley/sdk/contract';
import { beforeEach, expect, test } from 'vitest';
import { RemoteTurns } from './remote-turns.ts';

let shown: TurnEvent[];
let turns: RemoteTurns;
beforeEach(() => {
  shown = [];
  turns = new RemoteTurns(({ events }) => shown.push(...events));
});

const text = (seq: number): TurnEvent => ({ seq, type: 'text', text: `${seq} ` });
const snapshot = (seq: number, state: 'running' | 'completed' = 'running'): TurnEvent => ({
  seq,
  type: 'snapshot',
  text: '',
  reasoning: '',
  state,
});
const frame = (...events: TurnEvent[]): TurnFrame => ({ conversationId: 'c', turnId: 't', messageId: 'm', events });
const seqs = () => shown.map(({ seq }) => seq);

test('frames pass as they come, whenever one begins to listen', () => {
  turns.hear(frame(text(7), text(8)));
  turns.hear(frame(text(9)));
  expect(seqs()).toEqual([7, 8, 9]);
  expect(turns.unsure(60_000)).toEqual([]);
});

test('what comes after a hole waits until the log fills it, and nothing is shown twice', () => {
  turns.hear(frame(text(1)));
  turns.hear(frame(text(4)));
  turns.hear(frame(text(5), text(6)));
  expect(seqs()).toEqual([1]);
  expect(turns.unsure(60_000)).toEqual([{ turnId: 't', seq: 1 }]);
  turns.fillIn(frame(text(2), text(3), text(4), text(5)));
  expect(seqs()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(turns.unsure(60_000)).toEqual([]);
});

test('where the log has a hole too a snapshot stands for it, as soon as one reaches beyond it', () => {
  turns.hear(frame(text(1)));
  turns.hear(frame(text(5)));
  turns.fillIn(frame(snapshot(3)));
  expect(seqs()).toEqual([1, 3]);
  expect(turns.unsure(60_000)).toEqual([{ turnId: 't', seq: 3 }]);
  turns.fillIn(frame(snapshot(5)));
  turns.hear(frame(text(6)));
  expect(seqs()).toEqual([1, 3, 5, 6]);
});

test('an older snapshot sets nobody back', () => {
  turns.hear(frame(text(1), text(2), text(3)));
  turns.fillIn(frame(snapshot(2)));
  expect(seqs()).toEqual([1, 2, 3]);
});

test('an end that was found is told once, also when the word of it comes late', () => {
  turns.hear(frame(text(1)));
  turns.fillIn(frame(snapshot(3, 'completed')));
  turns.hear(frame(text(2), { seq: 3, type: 'interrupted' }));
  expect(seqs()).toEqual([1, 3]);
  expect(turns.unsure(-1)).toEqual([]);
});

test('a turn nothing is heard of is asked about, until this instance has taken it over', () => {
  turns.begin('t', 'm', 4);
  expect(turns.unsure(60_000)).toEqual([]);
  expect(turns.unsure(-1)).toEqual([{ turnId: 't', seq: 4 }]);
  turns.shown(frame({ seq: 5, type: 'interrupted' }));
  expect(turns.unsure(-1)).toEqual([]);
});

test('whoever finds a turn before it was shown does not show its beginning to those who have it', () => {
  turns.begin('t', 'm', 0);
  turns.begin('t', 'm', 4);
  turns.fillIn(frame(text(1), text(2), text(3), text(4), text(5)));
  expect(seqs()).toEqual([5]);
});

test('the end that somebody brings who comes late is not told to him again, and is to those who watched before', () => {
  const end: TurnEvent = { seq: 3, type: 'interrupted' };
  turns.over(frame(snapshot(3, 'completed')), 3);
  turns.hear(frame(end));
  expect(seqs()).toEqual([]);
  expect(turns.unsure(-1)).toEqual([]);

  turns = new RemoteTurns(({ events }) => shown.push(...events));
  turns.hear(frame(text(1)));
  turns.over(frame(snapshot(3, 'completed')), 3);
  expect(seqs()).toEqual([1, 3]);
  turns.hear(frame(end));
  expect(seqs()).toEqual([1, 3]);
  expect(turns.unsure(-1)).toEqual([]);
});

test('an end that was brought is asked after until its instance or somebody else has told it', () => {
  turns.hear(frame(text(1)));
  turns.over(frame(snapshot(3, 'completed')), 3);
  expect(turns.unsure(-1)).toEqual([{ turnId: 't', seq: 3 }]);
  turns.told('t');
  expect(turns.unsure(-1)).toEqual([]);
});
