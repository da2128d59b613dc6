import { Migration } from '@mikro-orm/migrations';

/**
 * A conversation belongs to somebody who exists. Messages and turns hang on their conversation; a key of their own would
 * cost every admission a lock on its user's row.
 */
export class ConversationOwners20261121 extends Migration {
  override up(): void {
    this.addSql(`
      alter table conversation add constraint conversation_user_id_foreign
        foreign key (user_id) references users (id) on delete cascade`);
  }

  override down(): void {
    this.addSql(`alter table conversation drop constraint conversation_user_id_foreign`);
  }
}
