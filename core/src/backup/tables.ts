import type { ClientBase } from 'pg';
import { escapeIdentifier as quote } from 'pg';
import copyStreams from 'pg-copy-streams';
import type { Head } from './archive-format.ts';

/** Ours: the history of the schema itself is no content. */
export interface Table {
  name: string;
  /** Those that are stored, not computed. */
  columns: string[];
  /** Of the primary key; text in the order of its bytes, as collations differ from one server to the next. */
  order: string;
}

const HISTORY = 'mikro_orm_migrations';

export async function listTables(client: ClientBase): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; key: { name: string; is_text: boolean }[] }>(
    `select c.relname as name,
       (select json_agg(a.attname order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       (select coalesce(json_agg(json_build_object('name', a.attname, 'is_text', a.attcollation <> 0)
          order by array_position(i.indkey::int2[], a.attnum)), '[]')
        from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
        where i.indrelid = c.oid and i.indisprimary) as key
     from pg_class c
     where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> $1
     order by c.relname collate "C"`,
    [HISTORY],
  );
  return rows.map(({ name, columns, key }) => ({
    name,
    columns,
    order:
      key.length === 0
        ? 't::text collate "C"'
        : key.map((column) => `t.${quote(column.name)}${column.is_text ? ' collate "C"' : ''}`).join(', '),
  }));
}

export async function listMigrations(client: ClientBase): Promise<string[] | null> {
  const { rows } = await client.query<{ there: string | null }>('select to_regclass($1) as there', [HISTORY]);
  if (rows[0]?.there === null) return null;
  return (await client.query<{ name: string }>(`select name from ${HISTORY} order by id`)).rows.map(({ name }) => name);
}

export async function listSequences(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select sequencename as name from pg_sequences
     where schemaname = current_schema() and sequencename <> $1 order by sequencename collate "C"`,
    [`${HISTORY}_id_seq`],
  );
  return rows.map(({ name }) => name);
}

/** The same value is the same text on every server. */
export async function speakPlainly(client: ClientBase): Promise<void> {
  await client.query(`set local timezone = 'UTC'; set local datestyle = 'ISO'; set local intervalstyle = 'iso_8601';
    set local extra_float_digits = 1; set local bytea_output = 'hex'; set local statement_timeout = 0`);
}

/** All rows, in COPY's text format, as they come. */
export function readTable(client: ClientBase, table: Table): AsyncIterable<Buffer> {
  const columns = table.columns.map((column) => `t.${quote(column)}`).join(', ');
  const from = `select ${columns} from ${quote(table.name)} t order by ${table.order}`;
  return client.query(copyStreams.to(`copy (${from}) to stdout`)) as AsyncIterable<Buffer>;
}

export function fillTable(client: ClientBase, table: Head['tables'][number]): NodeJS.WritableStream {
  return client.query(
    copyStreams.from(`copy ${quote(table.name)} (${table.columns.map(quote).join(', ')}) from stdin`),
  );
}
