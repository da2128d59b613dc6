import { Migration } from '@mikro-orm/migrations';

/** What the last test of a connection said. */
export class ConnectionTests20261121 extends Migration {
  override up(): void {
    this.addSql(`alter table provider_connection add column last_test jsonb null`);
  }

  override down(): void {
    this.addSql(`alter table provider_connection drop column last_test`);
  }
}
