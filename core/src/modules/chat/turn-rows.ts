import type { Turn, TurnState } from '@parley/sdk/contract';
import { isoTime, isoTimeOrNull } from '../../lib/iso-time.ts';

export interface TurnRow {
  id: string;
  user_id: string;
  conversation_id: string | null;
  message_id: string;
  user_message_id: string | null;
  request_digest: string | null;
  state: TurnState;
  model: string;
  seq: number;
  created_at: string;
  finished_at: string | null;
}

/** What the wire tells of a turn. */
export type PresentableTurn = Pick<
  TurnRow,
  'id' | 'conversation_id' | 'message_id' | 'state' | 'model' | 'seq' | 'created_at' | 'finished_at'
>;

/** Of a row named `t`. */
export const turnColumns = `
  t.id, t.user_id, t.conversation_id, t.message_id, t.user_message_id, t.request_digest, t.state, t.model, t.seq,
  t.created_at, t.finished_at`;

export function presentTurn(row: PresentableTurn): Turn {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    messageId: row.message_id,
    state: row.state,
    model: row.model,
    seq: row.seq,
    createdAt: isoTime(row.created_at),
    finishedAt: isoTimeOrNull(row.finished_at),
  };
}
