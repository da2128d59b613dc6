import type { Message, TurnFailure, Usage } from '@parley/sdk/contract';
import type { ToolCall } from '@parley/sdk/plugin';
import { isoTime, isoTimeOrNull } from '../../lib/iso-time.ts';
import { presentReceipt, receiptColumn, type ReceiptColumn } from '../credits/index.ts';

export interface MessageRow {
  id: string;
  conversation_id: string;
  parent_id: string | null;
  role: 'user' | 'assistant';
  status: Message['status'];
  text: string;
  reasoning: string;
  tool_calls: ToolCall[] | null;
  position: number;
  versions: string[];
  model: string | null;
  turn_id: string | null;
  finish_reason: Message['finishReason'];
  usage: Usage | null;
  receipt: ReceiptColumn;
  failure: TurnFailure | null;
  flagged_by: string | null;
  duration_ms: number | null;
  created_at: string;
  edited_at: string | null;
}

/** Of a row named `m`. Ids are made in time order, so sorting by id is sorting by age. */
export const messageColumns = `
  m.id, m.conversation_id, m.parent_id, m.role, m.status, m.text, m.reasoning, m.tool_calls, m.position, m.model,
  m.turn_id, m.finish_reason, m.usage, m.failure, m.flagged_by, m.duration_ms, m.created_at, m.edited_at,
  ${receiptColumn('m.turn_id')},
  array(select v.id from message v where v.slot_id = m.slot_id order by v.id) as versions`;

export function presentMessage(row: MessageRow): Message {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    parentId: row.parent_id,
    role: row.role,
    status: row.status,
    text: row.text,
    reasoning: row.reasoning,
    position: row.position,
    versions: row.versions,
    model: row.model,
    turnId: row.turn_id,
    finishReason: row.finish_reason,
    usage: row.usage,
    receipt: row.role === 'assistant' ? presentReceipt(row.receipt) : null,
    failure: row.failure,
    flaggedBy: row.flagged_by,
    durationMs: row.duration_ms,
    createdAt: isoTime(row.created_at),
    editedAt: isoTimeOrNull(row.edited_at),
  };
}
