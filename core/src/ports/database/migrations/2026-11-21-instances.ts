import { Migration } from '@mikro-orm/migrations';

/** Which processes are alive and what happens on them. Not logged: a crash of the database may take it, nobody misses it. */
export class Instances20261121 extends Migration {
  override up(): void {
    this.addSql(`
      create unlogged table instance_beat (
        instance_id uuid primary key,
        role varchar(20) not null,
        version varchar(40) not null,
        host varchar(253) not null,
        started_at timestamptz(3) not null,
        seen_at timestamptz(3) not null default now(),
        sockets integer not null,
        users bytea not null,
        degraded boolean not null
      )`);
    this.addSql(`
      create unlogged table activity_sample (
        at timestamptz(3) not null default now(),
        instance_id uuid not null,
        requests integer not null,
        errors integer not null,
        latencies jsonb not null,
        turns integer not null,
        failed_turns integer not null,
        input_tokens bigint not null,
        output_tokens bigint not null,
        primary key (at, instance_id)
      )`);
  }

  override down(): void {
    this.addSql(`drop table activity_sample`);
    this.addSql(`drop table instance_beat`);
  }
}
