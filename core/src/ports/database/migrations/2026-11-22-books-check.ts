import { Migration } from '@mikro-orm/migrations';

/** What the last check of the books has found. Not logged: a crash of the database may take it, the next check is a minute away. */
export class BooksCheck20261122 extends Migration {
  override up(): void {
    this.addSql(`
      create unlogged table books_check (
        id smallint primary key default 1,
        report jsonb not null,
        constraint books_check_only check (id = 1)
      )`);
  }

  override down(): void {
    this.addSql(`drop table books_check`);
  }
}
