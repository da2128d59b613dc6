import type { Statement } from './statements.ts';

/** A place on the way of a message, known by what is said to the database there. */
export interface Point {
  name: string;
  /** The statement; in its name or its text. `commit` is that of the transaction. */
  at: string;
  /** Said before in the same transaction, or by the statement itself: in its name, its text or its values. */
  in?: readonly string[];
  /** Before it reaches the database, or when that has done it and before its answer comes back. */
  when: 'before' | 'after';
  /** Turns of an earlier kill: `dead` ones are found as a core starts, `closed` ones are replies that were interrupted. */
  needs?: 'dead' | 'closed';
}

const send = ['chat.send.write'];
const rewrite = ['chat.regenerate.clear'];
const version = ['chat.regenerate.version'];
const completion = ['chat.completion.admit'];
const finished = ['chat.settle', '"state":"completed"'];
const stopped = ['chat.settle', '"state":"stopped"'];
const dead = ['chat.settle', '"state":"interrupted"'];

export const points: readonly Point[] = [
  { name: 'a message is about to be written down', at: 'chat.send.write', when: 'before' },
  { name: 'a message is written down, nothing is locked for it yet', at: 'chat.send.write', when: 'after' },
  { name: 'the credits of a message are locked, nothing is committed', at: 'commit', in: send, when: 'before' },
  { name: 'a message is admitted and its sender does not know', at: 'commit', in: send, when: 'after' },
  { name: 'a request of an API client is about to be admitted', at: 'commit', in: completion, when: 'before' },
  { name: 'a request of an API client is admitted and it does not know', at: 'commit', in: completion, when: 'after' },
  { name: 'another version of a reply is opened and nobody knows', at: 'commit', in: version, when: 'after' },
  { name: 'words are about to be kept', at: 'chat.checkpoint', when: 'before' },
  { name: 'words are kept and the core does not know', at: 'chat.checkpoint', when: 'after' },
  { name: 'leases are about to be renewed', at: 'chat.heartbeat', when: 'before' },
  { name: 'leases are renewed and the core does not know', at: 'chat.heartbeat', when: 'after' },
  { name: 'an end is about to be written down', at: 'chat.settle', in: finished, when: 'before' },
  { name: 'an end is written down, nothing is charged yet', at: 'update credit_hold', in: finished, when: 'before' },
  { name: 'a charge is taken, nothing is committed', at: 'commit', in: finished, when: 'before' },
  { name: 'a charge is taken and nobody knows', at: 'commit', in: finished, when: 'after' },
  { name: 'the charge of a stopped reply is taken, nothing is committed', at: 'commit', in: stopped, when: 'before' },
  {
    name: 'a reply is opened again in its place, nobody knows',
    at: 'commit',
    in: rewrite,
    when: 'after',
    needs: 'closed',
  },
  { name: 'dead turns are taken over and nobody knows', at: 'with dead as', when: 'after', needs: 'dead' },
  {
    name: 'credits of dead turns are given back, not committed',
    at: 'commit',
    in: dead,
    when: 'before',
    needs: 'dead',
  },
  { name: 'dead turns are closed and nobody is told', at: 'commit', in: dead, when: 'after', needs: 'dead' },
];

/** Whether this statement is the point; `before` are those of its transaction. */
export function isAt(point: Point, statement: Statement, before: readonly Statement[]): boolean {
  const isPlace = point.at === 'commit' ? statement.words === 'commit' : statement.words.includes(point.at);
  if (!isPlace || point.in === undefined) return isPlace;
  return [statement, ...before].some((one) => point.in!.every((words) => `${one.words} ${one.values}`.includes(words)));
}
