import type { Message } from '@parley/sdk/contract';
import type { LiveView } from '../stream/live-view.svelte.ts';

export type ReplyState =
  | 'queued'
  | 'thinking'
  | 'streaming'
  | 'done'
  | 'stopped'
  | 'failed'
  | 'interrupted'
  | 'blocked';

export const runningStates: readonly ReplyState[] = ['queued', 'thinking', 'streaming'];

/** What a reply is doing, from its live view while there is one, else from what is stored. */
export function replyState(
  message: Pick<Message, 'status'>,
  live: Pick<LiveView, 'state' | 'hasText'> | undefined,
): ReplyState {
  switch (live?.state) {
    case 'queued':
      return 'queued';
    case 'running':
      return live.hasText ? 'streaming' : 'thinking';
    case 'completed':
      return 'done';
    case 'stopped':
    case 'interrupted':
    case 'failed':
      return live.state;
    case undefined:
      break;
  }
  return message.status === 'streaming' ? 'thinking' : message.status;
}
