import type { ClientBase } from 'pg';
import { BackupError } from './backup-error.ts';
import { listMigrations, listTables } from './tables.ts';

/** Refuses a database that somebody uses, holds accounts (unless that is wanted), or belongs to another program. */
export async function requireFree(client: ClientBase, options: { force: boolean }): Promise<void> {
  const { rows } = await client.query<{ others: number }>(
    `select count(*)::int as others from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
  );
  if (rows[0]!.others > 0) {
    throw new BackupError(
      `The database is in use (${rows[0]!.others} connections). Stop every Parley that works on it, then try again.`,
    );
  }
  const tables = (await listTables(client)).map(({ name }) => name);
  if (tables.length === 0) return;
  if ((await listMigrations(client)) === null) {
    throw new BackupError('The database holds tables of another program. Give Parley a database of its own.');
  }
  if (options.force || !tables.includes('users')) return;
  const users = await client.query('select 1 from users limit 1');
  if (users.rowCount === 0) return;
  throw new BackupError(
    'The database is not empty: it has accounts. With --force everything in it is deleted before the restore.',
  );
}

/** Everything in the schema, but not the schema: dropping that takes rights its user may not have. */
export async function emptyDatabase(client: ClientBase): Promise<void> {
  await client.query(`do $$
    declare statement text;
    begin
      for statement in
        select format('drop %s if exists %I cascade',
          case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end,
          relname)
        from pg_class c
        where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')
          and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
      loop execute statement; end loop;
      for statement in
        select format('drop routine if exists %s cascade', p.oid::regprocedure) from pg_proc p
        where pronamespace = current_schema()::regnamespace
          and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
      loop execute statement; end loop;
      for statement in
        select format('drop type if exists %I cascade', typname) from pg_type t
        where typnamespace = current_schema()::regnamespace and typtype in ('e', 'd')
          and not exists (select 1 from pg_depend d where d.objid = t.oid and d.deptype = 'e')
      loop execute statement; end loop;
    end $$`);
}
