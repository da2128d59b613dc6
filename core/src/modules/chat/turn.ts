import type { Message, TurnEvent, TurnFailure, TurnState } from '@parley/sdk/contract';

/** How a turn can end. */
export type TurnEndState = Exclude<TurnState, 'queued' | 'running'>;

const moves: Record<TurnState, readonly TurnState[]> = {
  queued: ['running', 'completed', 'stopped', 'failed', 'interrupted'],
  running: ['completed', 'stopped', 'failed', 'interrupted'],
  completed: [],
  stopped: [],
  failed: [],
  interrupted: [],
};

/** The database asks the same in its guarded updates; the first to move a turn wins, later ones step back. */
export function canMove(from: TurnState, to: TurnState): boolean {
  return moves[from].includes(to);
}

export function isOpen(state: TurnState): boolean {
  return moves[state].length > 0;
}

/** Nothing follows it. */
export function isLastEvent(event: TurnEvent): boolean {
  if (event.type === 'snapshot') return !isOpen(event.state);
  return Object.hasOwn(moves, event.type) && !isOpen(event.type as TurnState);
}

/** What the reply of a turn that ended so is marked with. */
export function replyStatus(state: TurnEndState, failure: TurnFailure | null): Message['status'] {
  if (state === 'completed') return 'done';
  if (state === 'failed') return failure?.code === 'moderation.blocked' ? 'blocked' : 'failed';
  return state;
}

/**
 * A reply that came to nothing is written again where it stands; a good one stays and gets a version beside it.
 * Null: it is being written right now.
 */
export function rewriteMode(reply: Pick<Message, 'status' | 'text'>): 'in-place' | 'version' | null {
  switch (reply.status) {
    case 'queued':
    case 'streaming':
      return null;
    case 'failed':
    case 'blocked':
    case 'interrupted':
      return 'in-place';
    default:
      return reply.text === '' ? 'in-place' : 'version';
  }
}
