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
  /** A core comes there every few seconds only. */
  isSeldom?: true;
  /** Turns of an earlier kill: `dead` ones are found as a core starts, `closed` ones are replies that were interrupted. */
  needs?: 'dead' | 'closed';
}

const send = ['chat.send.write'];
const rewrite = ['chat.regenerate.clear'];
const version = ['chat.regenerate.version'];
const completion = ['chat.completion.write'];
const finished = ['"state":"completed"'];
const stopped = ['"state":"stopped"'];
const dead = ['"state":"interrupted"'];

/** Admission is a transaction, which a kill may leave before its end; an end is written and charged by one statement. */
export const points: readonly Point[] = [
  { name: 'a message is about to be written down', at: 'chat.send.write', when: 'before' },
  { name: 'a message and its hold are written down, not committed', at: 'commit', in: send, when: 'before' },
  { name: 'a message is admitted and its sender does not know', at: 'commit', in: send, when: 'after' },
  { name: 'a request of an API client is written down, not committed', at: 'commit', in: completion, when: 'before' },
  { name: 'a request of an API client is admitted and it does not know', at: 'commit', in: completion, when: 'after' },
  { name: 'another version of a reply is opened, not committed', at: 'commit', in: version, when: 'before' },
  { name: 'another version of a reply is opened and nobody knows', at: 'commit', in: version, when: 'after' },
  {
    name: 'a reply is opened again in its place, not committed',
    at: 'commit',
    in: rewrite,
    when: 'before',
    needs: 'closed',
  },
  {
    name: 'a reply is opened again in its place, nobody knows',
    at: 'commit',
    in: rewrite,
    when: 'after',
    needs: 'closed',
  },
  { name: 'words are about to be kept', at: 'chat.checkpoint', when: 'before', isSeldom: true },
  { name: 'words are kept and the core does not know', at: 'chat.checkpoint', when: 'after', isSeldom: true },
  { name: 'leases are about to be renewed', at: 'chat.heartbeat', when: 'before', isSeldom: true },
  { name: 'leases are renewed and the core does not know', at: 'chat.heartbeat', when: 'after', isSeldom: true },
  { name: 'an end is about to be written down and charged', at: 'chat.settle', in: finished, when: 'before' },
  { name: 'an end is written down and charged, and nobody knows', at: 'chat.settle', in: finished, when: 'after' },
  { name: 'the end of a stopped reply is about to be charged', at: 'chat.settle', in: stopped, when: 'before' },
  { name: 'the end of a stopped reply is charged, and nobody knows', at: 'chat.settle', in: stopped, when: 'after' },
  { name: 'dead turns are taken over and nobody knows', at: 'with dead as', when: 'after', needs: 'dead' },
  {
    name: 'credits of dead turns are about to be given back',
    at: 'chat.settle',
    in: dead,
    when: 'before',
    needs: 'dead',
  },
  { name: 'dead turns are closed and nobody is told', at: 'chat.settle', in: dead, when: 'after', needs: 'dead' },
];

/** Whether this statement is the point; `said` is what was said before in its transaction. */
export function isAt(point: Point, statement: Statement, said: readonly Statement[]): boolean {
  const isPlace = point.at === 'commit' ? statement.words === 'commit' : statement.words.includes(point.at);
  if (!isPlace || point.in === undefined) return isPlace;
  return [statement, ...said].some((one) => point.in!.every((words) => `${one.words} ${one.values}`.includes(words)));
}
