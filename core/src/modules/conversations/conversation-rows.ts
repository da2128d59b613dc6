import type { ChatParameters, Conversation } from '@parley/sdk/contract';
import { isoTime } from '../../lib/iso-time.ts';

export interface ConversationRow {
  id: string;
  user_id: string;
  title: string;
  title_source: 'none' | 'auto' | 'user';
  pinned: boolean;
  archived: boolean;
  model: string | null;
  system_prompt: string;
  parameters: ChatParameters;
  active_leaf_id: string | null;
  revision: number;
  created_at: string;
  last_active_at: string;
  message_count: number;
  open_turns: number;
}

/** Of a row named `c`: what stands in it. */
export const ownConversationColumns = `
  c.id, c.user_id, c.title, c.title_source, c.pinned, c.archived, c.model, c.system_prompt, c.parameters,
  c.active_leaf_id, c.revision, c.created_at, c.last_active_at`;

/** The counts are read, not kept, so that they can't drift. */
export const conversationColumns = `${ownConversationColumns},
  coalesce((select m.position from message m where m.id = c.active_leaf_id), 0) as message_count,
  (select count(*) from message m where m.conversation_id = c.id and m.status in ('queued', 'streaming'))::int
    as open_turns`;

export function presentConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    title: row.title,
    titleSource: row.title_source,
    pinned: row.pinned,
    archived: row.archived,
    model: row.model,
    systemPrompt: row.system_prompt,
    parameters: row.parameters,
    activeLeafId: row.active_leaf_id,
    messageCount: row.message_count,
    openTurns: row.open_turns,
    revision: row.revision,
    createdAt: isoTime(row.created_at),
    lastActiveAt: isoTime(row.last_active_at),
  };
}
