import type { ClientBase } from 'pg';
import { escapeIdentifier as quote } from 'pg';

/**
 * Takes away, for one transaction, what minds the order and the manner in which rows come: foreign keys (so that tables
 * may point at each other in circles) and triggers of ours (which would act a second time on what they have acted on
 * before, or forbid emptying). What it returns puts them back, and the keys then look at every row.
 */
export async function setAside(client: ClientBase): Promise<() => Promise<void>> {
  const { rows: keys } = await client.query<{ table: string; name: string; definition: string }>(
    `select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
     from pg_constraint k join pg_class c on c.oid = k.conrelid
     where k.contype = 'f' and k.connamespace = current_schema()::regnamespace and k.conparentid = 0
     order by k.oid`,
  );
  const { rows: triggers } = await client.query<{ table: string; name: string; always: boolean }>(
    `select c.relname as table, t.tgname as name, t.tgenabled = 'A' as always
     from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where not t.tgisinternal and t.tgenabled in ('O', 'A') and t.tgparentid = 0
       and c.relnamespace = current_schema()::regnamespace`,
  );
  for (const { table, name } of keys) await client.query(`alter table ${quote(table)} drop constraint ${quote(name)}`);
  for (const { table, name } of triggers) {
    await client.query(`alter table ${quote(table)} disable trigger ${quote(name)}`);
  }
  return async () => {
    for (const { table, name, always } of triggers) {
      await client.query(`alter table ${quote(table)} enable ${always ? 'always ' : ''}trigger ${quote(name)}`);
    }
    for (const { table, name, definition } of keys) {
      await client.query(`alter table ${quote(table)} add constraint ${quote(name)} ${definition}`);
    }
  };
}
