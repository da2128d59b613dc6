import { Migration } from '@mikro-orm/migrations';

/**
 * Whoever reads a conversation and tells of it may be overtaken by somebody who changed it later. Changes of one row wait for each
 * other, so counting them orders them, whichever statement makes them.
 */
export class ConversationRevisions20261122 extends Migration {
  override up(): void {
    this.addSql(`alter table conversation add column revision int not null default 1`);
    this.addSql(`
      create function conversation_revised_fn() returns trigger language plpgsql as $$ begin
        new.revision := old.revision + 1; return new;
      end; $$`);
    this.addSql(`
      create trigger revised before update on conversation
        for each row execute function conversation_revised_fn()`);
  }

  override down(): void {
    this.addSql(`drop trigger revised on conversation`);
    this.addSql(`drop function conversation_revised_fn()`);
    this.addSql(`alter table conversation drop column revision`);
  }
}
