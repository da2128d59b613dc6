import { Migration } from '@mikro-orm/migrations';

/** What turns were charged, beside their tokens. */
export class ActivityCredits20261121 extends Migration {
  override up(): void {
    this.addSql(`alter table activity_sample add column charged bigint not null default 0`);
  }

  override down(): void {
    this.addSql(`alter table activity_sample drop column charged`);
  }
}
