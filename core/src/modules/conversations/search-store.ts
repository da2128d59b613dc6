import type { SearchHit } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import { isoTime } from '../../lib/iso-time.ts';
import type { PageCursor } from './page-cursor.ts';
import { searchQuery, type SearchTerm } from './search-tokens.ts';
import { makeSnippet } from './snippet.ts';

interface HitRow {
  conversation_id: string;
  title: string;
  message_id: string | null;
  role: 'user' | 'assistant' | null;
  excerpt: string;
  at: string;
  id: string;
}
export interface FoundHit {
  /** Of the conversation or message that was found; pages go on from it. */
  id: string;
  hit: SearchHit;
}

/** Pairs of characters can all be there without standing side by side; runs this long are looked up in the text too. */
const VERIFY_FROM_CHARS = 3;

/** Newest first. Texts come back as an excerpt around the first term, so that a page of long messages stays small. */
export async function searchHits(
  pool: Pool,
  userId: string,
  terms: readonly SearchTerm[],
  within: string | null,
  after: PageCursor | null,
  limit: number,
): Promise<FoundHit[]> {
  const query = searchQuery(userId, terms);
  if (query === null) return [];
  const runs = terms
    .filter((term) => term.kind === 'cjk' && term.text.length >= VERIFY_FROM_CHARS)
    .map((term) => term.text);
  const { rows } = await pool.query<HitRow>(
    `select p.conversation_id, p.title, p.message_id, p.role, p.at, p.id,
       substr(p.text, greatest(1, strpos(lower(p.text), $5) - 120), 600) as excerpt
     from (
       select * from (
         select c.id as conversation_id, c.title, null::uuid as message_id, null as role, c.title as text,
           c.last_active_at as at, c.id
         from conversation c
         where c.search @@ $2::tsquery and c.user_id = $1 and c.deleted_at is null and ($3::uuid is null or c.id = $3)
         union all
         select m.conversation_id, c.title, m.id, m.role, m.text, m.created_at, m.id
         from message m join conversation c on c.id = m.conversation_id
         where m.search @@ $2::tsquery and m.user_id = $1 and c.deleted_at is null
           and ($3::uuid is null or m.conversation_id = $3)
       ) hit
       where not exists (select 1 from unnest($4::text[]) run where strpos(lower(hit.text), run) = 0)
         and ($6::timestamptz is null or (hit.at, hit.id) < ($6, $7::uuid))
       order by hit.at desc, hit.id desc limit $8
     ) p
     order by p.at desc, p.id desc`,
    [userId, query, within, runs, terms[0]!.text, after?.at ?? null, after?.id ?? null, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    hit: {
      conversationId: row.conversation_id,
      title: row.title,
      messageId: row.message_id,
      role: row.role,
      ...makeSnippet(row.excerpt, terms),
      at: isoTime(row.at),
    },
  }));
}
