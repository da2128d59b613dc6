import { Migration } from '@mikro-orm/migrations';

/** People can be suspended, and are known to have been there after their sessions are gone. */
export class Suspension20261121 extends Migration {
  override up(): void {
    this.addSql(`
      alter table users
        add column suspended_at timestamptz null,
        add column suspension_reason text null,
        add column last_seen_at timestamptz null`);
    this.addSql(`
      update users set last_seen_at = (
        select max(last_used_at) from (
          select last_used_at from sessions where user_id = users.id
          union all select last_used_at from api_keys where user_id = users.id) as used)`);
    // A handful among many: asked at every change that could leave nobody in charge.
    this.addSql(`create index users_admins on users (id) where role = 'admin'`);
  }

  override down(): void {
    this.addSql(`drop index users_admins`);
    this.addSql(`alter table users drop column suspended_at, drop column suspension_reason, drop column last_seen_at`);
  }
}
