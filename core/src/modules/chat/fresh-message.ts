import type { Message, Receipt } from '@parley/sdk/contract';
import { isoTime } from '../../lib/iso-time.ts';

/** A message that has just been written, without reading it back. */
export function freshMessage(
  message: Pick<
    Message,
    'id' | 'conversationId' | 'parentId' | 'role' | 'text' | 'position' | 'versions' | 'model' | 'turnId' | 'createdAt'
  >,
  receipt: Receipt | null = null,
): Message {
  return {
    ...message,
    status: message.role === 'user' ? 'done' : 'queued',
    createdAt: isoTime(message.createdAt),
    reasoning: '',
    finishReason: null,
    usage: null,
    receipt,
    failure: null,
    flaggedBy: null,
    durationMs: null,
    editedAt: null,
  };
}
