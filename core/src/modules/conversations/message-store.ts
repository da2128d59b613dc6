import type { Pool } from 'pg';
import { messageColumns, type MessageRow } from './message-rows.ts';
import { searchDocument } from './search-tokens.ts';

export interface MessagePlace {
  id: string;
  conversation_id: string;
  position: number;
  parent_id: string | null;
}

/** Messages in the database. Paths are walked from a leaf to the root, because a message knows its parent only. */
export class MessageStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async find(userId: string, id: string): Promise<MessageRow | undefined> {
    // Not `findMany` of one: PostgreSQL keeps no plan for a list, because it does not know how long the next one is.
    const { rows } = await this.#pool.query<MessageRow>({
      name: 'message.find',
      text: `select ${messageColumns} from message m join conversation c on c.id = m.conversation_id
             where m.id = $1 and m.user_id = $2 and c.deleted_at is null`,
      values: [id, userId],
    });
    return rows[0];
  }

  async findMany(userId: string, ids: readonly string[]): Promise<MessageRow[]> {
    const { rows } = await this.#pool.query<MessageRow>({
      name: 'message.find-many',
      text: `select ${messageColumns} from message m join conversation c on c.id = m.conversation_id
             where m.id = any($1) and m.user_id = $2 and c.deleted_at is null order by m.position`,
      values: [ids, userId],
    });
    return rows;
  }

  async place(userId: string, conversationId: string, id: string): Promise<MessagePlace | undefined> {
    const { rows } = await this.#pool.query<MessagePlace>(
      `select id, conversation_id, position, parent_id from message
       where id = $1 and conversation_id = $2 and user_id = $3`,
      [id, conversationId, userId],
    );
    return rows[0];
  }

  /** The `limit` messages that end with `fromId`, in reading order. */
  async upFrom(userId: string, fromId: string, limit: number): Promise<MessageRow[]> {
    const { rows } = await this.#pool.query<MessageRow>({
      name: 'message.up',
      text: `with recursive path as (
               select m.id, m.parent_id, 1 as step from message m where m.id = $1 and m.user_id = $2
               union all
               select m.id, m.parent_id, path.step + 1 from path join message m on m.id = path.parent_id
               where path.step < $3)
             select ${messageColumns} from path join message m on m.id = path.id order by m.position`,
      values: [fromId, userId, limit],
    });
    return rows;
  }

  /** The messages at these places of the path that ends with `leafId`, in reading order. */
  async between(userId: string, leafId: string, first: number, last: number): Promise<MessageRow[]> {
    const { rows } = await this.#pool.query<MessageRow>({
      name: 'message.between',
      text: `with recursive path as (
               select m.id, m.parent_id, m.position from message m where m.id = $1 and m.user_id = $2
               union all
               select m.id, m.parent_id, m.position from path join message m on m.id = path.parent_id
               where path.position > $3)
             select ${messageColumns} from path join message m on m.id = path.id
             where path.position between $3 and $4 order by m.position`,
      values: [leafId, userId, first, last],
    });
    return rows;
  }

  async isOnPath(leafId: string, place: MessagePlace): Promise<boolean> {
    const { rows } = await this.#pool.query<{ id: string }>(
      `with recursive path as (
         select m.id, m.parent_id, m.position from message m where m.id = $1
         union all
         select m.id, m.parent_id, m.position from path join message m on m.id = path.parent_id
         where path.position > $2)
       select id from path where position = $2`,
      [leafId, place.position],
    );
    return rows[0]?.id === place.id;
  }

  /** Downwards, taking the newest version at each fork. */
  async newestLeafBelow(id: string): Promise<string> {
    const { rows } = await this.#pool.query<{ id: string }>(
      `with recursive path as (
         select $1::uuid as id, 0 as step
         union all
         select child.id, path.step + 1 from path cross join lateral (
           select m.id from message m where m.slot_id = path.id order by m.id desc limit 1) child)
       select id from path order by step desc limit 1`,
      [id],
    );
    return rows[0]!.id;
  }

  /** Only a finished message: the turn that writes the others would overwrite the correction. */
  async correct(userId: string, id: string, text: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `update message m set text = $3, edited_at = now(), search = array_to_tsvector(string_to_array($4, ' '))
       where m.id = $1 and m.user_id = $2 and m.status not in ('queued', 'streaming')`,
      [id, userId, text, searchDocument(userId, text)],
    );
    return rowCount === 1;
  }

  /** What a gate made of a message before any model saw it; not an edit, the person did nothing. */
  async moderated(userId: string, id: string, text: string, flaggedBy: string | null): Promise<void> {
    await this.#pool.query(
      `update message m set text = $3, flagged_by = $4, search = array_to_tsvector(string_to_array($5, ' '))
       where m.id = $1 and m.user_id = $2`,
      [id, userId, text, flaggedBy, searchDocument(userId, text)],
    );
  }
}
