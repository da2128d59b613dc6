import type { Receipt, TurnFailure, TurnState, Usage } from '@parley/sdk/contract';
import type { FinishReason, ToolCall } from '@parley/sdk/plugin';
import type { Pool } from 'pg';
import { presentReceipt, receiptColumn, type ReceiptColumn } from '../credits/index.ts';
import type { StoredTrace } from '../prompting/index.ts';
import { turnColumns, type TurnRow } from './turn-rows.ts';

/** A turn with the text it had at its last checkpoint. */
export interface TurnTextRow extends TurnRow {
  text: string;
  reasoning: string;
}

export interface StoredReply {
  state: TurnState;
  model: string;
  text: string;
  reasoning: string;
  tool_calls: ToolCall[] | null;
  finish_reason: FinishReason | null;
  usage: Usage | null;
  failure: TurnFailure | null;
  receipt: Receipt | null;
}

/** Reading turns; whose they are is part of every question. */
export class TurnQueries {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async find(userId: string, id: string): Promise<TurnRow | undefined> {
    const { rows } = await this.#pool.query<TurnRow>({
      name: 'chat.turn',
      text: `select ${turnColumns} from turn t where t.id = $1 and t.user_id = $2 and ${visible}`,
      values: [id, userId],
    });
    return rows[0];
  }

  async withText(userId: string, ids: readonly string[]): Promise<TurnTextRow[]> {
    if (ids.length === 0) return [];
    const { rows } = await this.#pool.query<TurnTextRow>({
      name: 'chat.turn.text',
      text: `select ${turnColumns}, coalesce(m.text, '') as text, coalesce(m.reasoning, '') as reasoning
             from turn t left join message m on m.id = t.message_id and m.turn_id = t.id
             where t.id = any($1::uuid[]) and t.user_id = $2 and ${visible}`,
      values: [ids, userId],
    });
    return rows;
  }

  async reply(userId: string, id: string): Promise<StoredReply | undefined> {
    const { rows } = await this.#pool.query<Omit<StoredReply, 'receipt'> & { receipt: ReceiptColumn }>(
      `select t.state, t.model, m.text, m.reasoning, m.tool_calls, m.finish_reason, m.usage, m.failure,
         ${receiptColumn('t.id')}
       from turn t join message m on m.id = t.message_id
       where t.id = $1 and t.user_id = $2 and t.conversation_id is null`,
      [id, userId],
    );
    return rows[0] === undefined ? undefined : { ...rows[0], receipt: presentReceipt(rows[0].receipt) };
  }

  async open(userId: string, conversationId: string | null): Promise<TurnRow[]> {
    const { rows } = await this.#pool.query<TurnRow>({
      name: 'chat.turns.open',
      text: `select ${turnColumns} from turn t
             where t.user_id = $1 and ($2::uuid is null or t.conversation_id = $2)
               and t.state in ('queued', 'running') and ${visible}
             order by t.id`,
      values: [userId, conversationId],
    });
    return rows;
  }

  /** Of the turn that wrote this message last. */
  async trace(
    userId: string,
    messageId: string,
  ): Promise<{ id: string; model: string; trace: StoredTrace } | undefined> {
    const { rows } = await this.#pool.query<{ id: string; model: string; trace: StoredTrace }>(
      `select t.id, t.model, t.trace from message m join turn t on t.id = m.turn_id
       where m.id = $1 and m.user_id = $2 and m.role = 'assistant' and t.trace is not null and ${visible}`,
      [messageId, userId],
    );
    return rows[0];
  }

  /** For the process that runs them: it hears of it with its next heartbeat at the latest. */
  async requestStop(userId: string, ids: readonly string[]): Promise<void> {
    await this.#pool.query(
      `update turn set stop_requested = true
       where id = any($1::uuid[]) and user_id = $2 and state in ('queued', 'running')`,
      [ids, userId],
    );
  }

  /** Also of a deleted conversation: that is when its turns have to be stopped. Null: all of the user's. */
  async openIn(userId: string, conversationId: string | null): Promise<string[]> {
    const { rows } = await this.#pool.query<{ id: string }>(
      `select id from turn
       where user_id = $1 and ($2::uuid is null or conversation_id = $2) and state in ('queued', 'running')`,
      [userId, conversationId],
    );
    return rows.map((row) => row.id);
  }
}

const visible = `not exists (
  select 1 from conversation gone where gone.id = t.conversation_id and gone.deleted_at is not null)`;
