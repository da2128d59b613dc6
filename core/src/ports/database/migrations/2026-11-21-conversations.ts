import { Migration } from '@mikro-orm/migrations';

/** Conversations and the tree of their messages. */
export class Conversations20261121 extends Migration {
  override up(): void {
    this.addSql(`
      create table conversation (
        id uuid primary key,
        user_id uuid not null,
        title text not null default '',
        title_source text not null default 'none',
        pinned boolean not null default false,
        archived boolean not null default false,
        model text null,
        system_prompt text not null default '',
        parameters jsonb not null default '{}',
        active_leaf_id uuid null,
        search tsvector null,
        created_at timestamptz(3) not null default now(),
        last_active_at timestamptz(3) not null default now(),
        deleted_at timestamptz(3) null,
        constraint conversation_title_source check (title_source in ('none', 'auto', 'user'))
      )`);
    this.addSql(
      `create index conversation_list on conversation (user_id, archived, last_active_at desc, id desc) where deleted_at is null`,
    );
    this.addSql(`create index conversation_deleted on conversation (deleted_at) where deleted_at is not null`);
    this.addSql(`create index conversation_search on conversation using gin (search)`);

    // A reply to an API client has no conversation. parent_id has no foreign key: a tree is only ever removed whole.
    this.addSql(`
      create table message (
        id uuid primary key,
        user_id uuid not null,
        conversation_id uuid null
          constraint message_conversation_id_foreign references conversation (id) on delete cascade,
        parent_id uuid null,
        slot_id uuid null,
        role text not null,
        status text not null,
        text text not null default '',
        reasoning text not null default '',
        tool_calls jsonb null,
        position integer not null default 1,
        model text null,
        turn_id uuid null,
        finish_reason text null,
        usage jsonb null,
        failure jsonb null,
        flagged_by text null,
        duration_ms integer null,
        search tsvector null,
        created_at timestamptz(3) not null default now(),
        edited_at timestamptz(3) null,
        constraint message_role check (role in ('user', 'assistant')),
        constraint message_status
          check (status in ('queued', 'streaming', 'done', 'stopped', 'failed', 'blocked', 'interrupted'))
      )`);
    this.addSql(`create index message_versions on message (slot_id, id) where slot_id is not null`);
    this.addSql(`create index message_conversation on message (conversation_id) where conversation_id is not null`);
    this.addSql(
      `create index message_open on message (conversation_id) where conversation_id is not null and status in ('queued', 'streaming')`,
    );
    this.addSql(`create index message_search on message using gin (search) where search is not null`);
  }

  override down(): void {
    this.addSql(`drop table message`);
    this.addSql(`drop table conversation`);
  }
}
