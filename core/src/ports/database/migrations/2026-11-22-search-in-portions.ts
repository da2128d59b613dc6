import { Migration } from '@mikro-orm/migrations';

const INDEXES = ['message_search', 'conversation_search'];

/**
 * PostgreSQL gathers what is new to a GIN index and sorts it in when there are 4 MB, within the statement that comes next: while
 * people chat, that held one end of a reply, and all that waited for its rows, for 250 to 450 ms every quarter of a minute. In
 * portions of 256 kB it is 35 to 60 ms; each text then costs half as much again. https://www.postgresql.org/docs/current/gin.html
 */
export class SearchInPortions20261122 extends Migration {
  override up(): void {
    for (const index of INDEXES) this.addSql(`alter index ${index} set (gin_pending_list_limit = 256)`);
  }

  override down(): void {
    for (const index of INDEXES) this.addSql(`alter index ${index} reset (gin_pending_list_limit)`);
  }
}
