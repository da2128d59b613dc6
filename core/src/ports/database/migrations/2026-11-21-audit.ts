import { Migration } from '@mikro-orm/migrations';

/** What was done by whom. The trigger also holds for whoever reaches the database past Parley with its rights. */
export class Audit20261121 extends Migration {
  override up(): void {
    this.addSql(`
      create table audit_entry (
        id uuid primary key,
        actor_id uuid null,
        action varchar(80) not null,
        target_type varchar(40) not null,
        target_id varchar(200) not null,
        reason text null,
        data jsonb not null default '{}'::jsonb,
        created_at timestamptz(3) not null
      )`);
    this.addSql(`create index audit_entry_actor on audit_entry (actor_id, id)`);
    this.addSql(`create index audit_entry_target on audit_entry (target_type, target_id, id)`);
    this.addSql(`
      create function audit_entry_append_only_fn() returns trigger language plpgsql as $$ begin
        raise exception 'audit entries are neither changed nor removed' using errcode = 'insufficient_privilege';
      end; $$`);
    this.addSql(`
      create trigger append_only before update or delete on audit_entry
        for each statement execute function audit_entry_append_only_fn()`);
    // On its own, as the schema's own list of triggers (and so the ORM's comparison) knows no truncation.
    this.addSql(`
      create trigger append_only_whole before truncate on audit_entry
        for each statement execute function audit_entry_append_only_fn()`);
  }

  override down(): void {
    this.addSql(`drop table audit_entry`);
    this.addSql(`drop function audit_entry_append_only_fn`);
  }
}
