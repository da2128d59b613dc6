import type { ChatParameters } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import { conversationColumns, type ConversationRow } from './conversation-rows.ts';
import { ConversationDeleted, ConversationNotFound } from './conversations.errors.ts';
import type { PageCursor } from './page-cursor.ts';
import { searchDocument } from './search-tokens.ts';

const OWNED = 'c.id = $1 and c.user_id = $2 and c.deleted_at is null';

export interface ConversationDraft {
  id: string;
  userId: string;
  title: string;
  titleSource: 'none' | 'auto' | 'user';
  model: string | null;
  systemPrompt: string;
  parameters: ChatParameters;
}
export interface ConversationPatch {
  title?: string;
  pinned?: boolean;
  archived?: boolean;
  model?: string | null;
  systemPrompt?: string;
  parameters?: ChatParameters;
}

/** Conversations in the database. Whose they are is a condition of every statement; there is no reading without it. */
export class ConversationStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async insert(draft: ConversationDraft): Promise<ConversationRow> {
    const { rows } = await this.#pool.query<ConversationRow>(
      `with c as (
         insert into conversation (id, user_id, title, title_source, model, system_prompt, parameters, search)
         values ($1, $2, $3, $4, $5, $6, $7, array_to_tsvector(string_to_array($8, ' ')))
         returning *)
       select ${conversationColumns} from c`,
      [
        draft.id,
        draft.userId,
        draft.title,
        draft.titleSource,
        draft.model,
        draft.systemPrompt,
        JSON.stringify(draft.parameters),
        searchDocument(draft.userId, draft.title),
      ],
    );
    return rows[0]!;
  }

  async find(userId: string, id: string): Promise<ConversationRow | undefined> {
    const { rows } = await this.#pool.query<ConversationRow>({
      name: 'conversation.find',
      text: `select ${conversationColumns} from conversation c where ${OWNED}`,
      values: [id, userId],
    });
    return rows[0];
  }

  /** Throws where `find` finds nothing, and says which nothing it is. */
  async existing(userId: string, id: string): Promise<ConversationRow> {
    const row = await this.find(userId, id);
    if (row !== undefined) return row;
    const { rowCount } = await this.#pool.query('select from conversation where id = $1 and user_id = $2', [
      id,
      userId,
    ]);
    throw rowCount === 0 ? ConversationNotFound() : ConversationDeleted();
  }

  async list(
    userId: string,
    filter: { archived: boolean; pinned?: boolean },
    after: PageCursor | null,
    limit: number,
  ): Promise<ConversationRow[]> {
    const { rows } = await this.#pool.query<ConversationRow>(
      `select ${conversationColumns} from conversation c
       where c.user_id = $1 and c.archived = $2 and c.deleted_at is null
         and ($3::boolean is null or c.pinned = $3)
         and ($4::timestamptz is null or (c.last_active_at, c.id) < ($4, $5::uuid))
       order by c.last_active_at desc, c.id desc limit $6`,
      [userId, filter.archived, filter.pinned ?? null, after?.at ?? null, after?.id ?? null, limit],
    );
    return rows;
  }

  async change(userId: string, id: string, patch: ConversationPatch): Promise<ConversationRow | undefined> {
    const { rows } = await this.#pool.query<ConversationRow>(
      `with updated as (
         update conversation c set
           title = coalesce($3, c.title),
           title_source = case when $3::text is null then c.title_source else 'user' end,
           search = coalesce(array_to_tsvector(string_to_array($4, ' ')), c.search),
           pinned = coalesce($5, c.pinned),
           archived = coalesce($6, c.archived),
           model = case when $7 then $8 else c.model end,
           system_prompt = coalesce($9, c.system_prompt),
           parameters = coalesce($10::jsonb, c.parameters)
         where ${OWNED} returning c.*)
       select ${conversationColumns} from updated c`,
      [
        id,
        userId,
        patch.title ?? null,
        patch.title === undefined ? null : searchDocument(userId, patch.title),
        patch.pinned ?? null,
        patch.archived ?? null,
        // Null is a value here: "the default model".
        patch.model !== undefined,
        patch.model ?? null,
        patch.systemPrompt ?? null,
        patch.parameters === undefined ? null : JSON.stringify(patch.parameters),
      ],
    );
    return rows[0];
  }

  /** Only a title of ours that is still `from`: what a person chose is never overwritten. */
  async replaceAutoTitle(userId: string, id: string, from: string, to: string): Promise<ConversationRow | undefined> {
    const { rows } = await this.#pool.query<ConversationRow>(
      `with updated as (
         update conversation c
         set title = $3, title_source = 'auto', search = array_to_tsvector(string_to_array($4, ' '))
         where ${OWNED} and c.title_source <> 'user' and c.title = $5 returning c.*)
       select ${conversationColumns} from updated c`,
      [id, userId, to, searchDocument(userId, to), from],
    );
    return rows[0];
  }

  async setActiveLeaf(userId: string, id: string, leafId: string): Promise<ConversationRow | undefined> {
    const { rows } = await this.#pool.query<ConversationRow>(
      `with updated as (update conversation c set active_leaf_id = $3 where ${OWNED} returning c.*)
       select ${conversationColumns} from updated c`,
      [id, userId, leafId],
    );
    return rows[0];
  }

  /** Answers with its last revision. */
  async delete(userId: string, id: string): Promise<number | undefined> {
    const { rows } = await this.#pool.query<{ revision: number }>(
      `update conversation c set deleted_at = now() where ${OWNED} returning c.revision`,
      [id, userId],
    );
    return rows[0]?.revision;
  }

  /** Also answers for one that is not deleted: undoing twice is no mistake. */
  async restore(userId: string, id: string): Promise<ConversationRow | undefined> {
    const { rows } = await this.#pool.query<ConversationRow>(
      `with updated as (
         update conversation c set deleted_at = null where c.id = $1 and c.user_id = $2 returning c.*)
       select ${conversationColumns} from updated c`,
      [id, userId],
    );
    return rows[0];
  }

  /** Messages and turns go with them. */
  async purge(deletedBefore: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#pool.query(
      `delete from conversation where id in (
         select id from conversation where deleted_at < $1 order by deleted_at limit $2)`,
      [deletedBefore, limit],
    );
    return rowCount ?? 0;
  }
}
