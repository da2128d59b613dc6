import { Migration } from '@mikro-orm/migrations';

/** Turns: one generation each, with the lease of the process that runs it. */
export class Turns20261121 extends Migration {
  override up(): void {
    this.addSql(`
      create table turn (
        id uuid primary key,
        user_id uuid not null,
        conversation_id uuid null
          constraint turn_conversation_id_foreign references conversation (id) on delete cascade,
        message_id uuid not null,
        user_message_id uuid null,
        client_turn_id text null,
        request_digest text null,
        state text not null,
        model text not null,
        seq integer not null default 0,
        stop_requested boolean not null default false,
        instance_id uuid not null,
        lease_until timestamptz(3) not null,
        trace jsonb null,
        created_at timestamptz(3) not null default now(),
        finished_at timestamptz(3) null,
        constraint turn_state
          check (state in ('queued', 'running', 'completed', 'stopped', 'failed', 'interrupted'))
      )`);
    this.addSql(`create unique index turn_client on turn (user_id, client_turn_id) where client_turn_id is not null`);
    // Small whatever the history: it is what admission counts and what the reaper looks through.
    this.addSql(`create index turn_open on turn (user_id, conversation_id) where state in ('queued', 'running')`);
    this.addSql(`create index turn_conversation on turn (conversation_id) where conversation_id is not null`);
  }

  override down(): void {
    this.addSql(`drop table turn`);
  }
}
