import type { Pool } from 'pg';

export interface HistoryMessage {
  id: string;
  role: 'user' | 'assistant';
  text: string;
  /** Changes when the text does; with the id it names a text. */
  edited_at: string | null;
  position: number;
}

/** More is never sent: even a window of a million tokens of one-word messages ends here. */
const MAX_MESSAGES = 2000;

/**
 * What was said up to a message, in reading order, from as far back as `maxChars` reaches (the message that crosses the
 * limit included). Replies that came to nothing are left out: a model should not learn from an empty answer.
 */
export async function readHistory(
  pool: Pool,
  userId: string,
  leafId: string,
  maxChars: number,
): Promise<{ messages: HistoryMessage[]; firstPosition: number }> {
  const { rows } = await pool.query<HistoryMessage>({
    name: 'message.history',
    text: `with recursive path as (
             select m.id, m.parent_id, m.position, 0::bigint as behind, length(m.text) as size
             from message m where m.id = $1 and m.user_id = $2
             union all
             select m.id, m.parent_id, m.position, path.behind + path.size, length(m.text)
             from path join message m on m.id = path.parent_id
             where path.behind + path.size < $3 and path.position > $4)
           select m.id, m.role, m.text, m.edited_at, m.position from path join message m on m.id = path.id
           order by m.position`,
    values: [leafId, userId, maxChars, 0],
  });
  const messages = rows.slice(-MAX_MESSAGES);
  return {
    messages: messages.filter((message) => message.text !== ''),
    firstPosition: messages[0]?.position ?? 1,
  };
}
