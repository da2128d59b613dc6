import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/services/index.ts';
import { setAside } from './set-aside.ts';
import { fillTable, listSequences, listTables, readTable, speakPlainly } from './tables.ts';

let place: TestDatabase;
let client: Client;
beforeAll(async () => {
  place = await createTestDatabase();
  client = new Client({ connectionString: place.url });
  await client.connect();
  await client.query(`
    create table hen (id bigint generated always as identity primary key, egg text, size int,
      twice int generated always as (size * 2) stored);
    create table egg (name text primary key, hen bigint not null references hen (id), weight float8, hatched timestamptz);
    alter table hen add constraint hen_egg foreign key (egg) references egg (name) deferrable;
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'append only'; end; $$;
    create trigger append_only before update or delete or truncate on hen for each statement execute function refuse();
    create function count_up() returns trigger language plpgsql as $$ begin new.weight = new.weight + 1; return new; end; $$;
    create trigger heavier before insert on egg for each row execute function count_up();
    insert into hen (size) values (1), (2);
    insert into egg values ('a', 1, 0.1, '2026-02-03T04:05:06.789123+05'), ('B', 2, 1e300, 'infinity');
    begin; set constraints all deferred; insert into hen (egg, size) values ('a', 3); commit`);
});
afterAll(async () => {
  await client.end();
  await place.drop();
});

const read = async () => {
  const all: Record<string, string> = {};
  for (const table of await listTables(client)) {
    all[table.name] = '';
    for await (const piece of readTable(client, table)) all[table.name] += String(piece);
  }
  return all;
};

test('rows that point at each other in circles, computed columns and guarded tables go out and come in unchanged', async () => {
  expect(await listTables(client)).toEqual([
    { name: 'egg', columns: ['name', 'hen', 'weight', 'hatched'], order: 't."name" collate "C"' },
    { name: 'hen', columns: ['id', 'egg', 'size'], order: 't."id"' },
  ]);
  expect(await listSequences(client)).toEqual(['hen_id_seq']);
  await client.query('begin');
  await speakPlainly(client);
  const before = await read();
  expect(before.egg).toBe('B\t2\t1e+300\tinfinity\na\t1\t1.1\t2026-02-02 23:05:06.789123+00\n');
  const putBack = await setAside(client);
  await client.query('truncate hen, egg');
  for (const table of await listTables(client)) {
    await pipeline(
      async function* () {
        yield Buffer.from(before[table.name]!);
      },
      fillTable(client, table),
    );
  }
  await putBack();
  expect(await read()).toEqual(before);
  await client.query('commit');

  expect((await client.query('select twice from hen order by id')).rows.map(({ twice }) => twice)).toEqual([2, 4, 6]);
  await expect(client.query('delete from hen')).rejects.toThrow('append only');
  await expect(client.query(`insert into egg values ('c', 9)`)).rejects.toMatchObject({ code: '23503' });
  const { rows } = await client.query(`select condeferrable from pg_constraint where conname = 'hen_egg'`);
  expect(rows).toEqual([{ condeferrable: true }]);
});
