import { Migration } from '@mikro-orm/migrations';

/** What a setting said, as far as it was usable; its default else. */
const setting = (key: string, otherwise: number, most: number) => `
  coalesce((select least(greatest((value #>> '{}')::numeric::int, 1), ${most}) from settings
    where key = '${key}' and jsonb_typeof(value) = 'number' and (value #>> '{}')::numeric between 0 and 1000000),
    ${otherwise})`;

/** Tiers, exceptions for single people, and what each used on which day. */
export class Tiers20261121 extends Migration {
  override up(): void {
    this.addSql(`
      create table tier (
        id varchar(40) primary key,
        name varchar(60) not null,
        is_default boolean not null default false,
        position integer not null default 0,
        requests_per_minute integer not null,
        requests_per_day integer null,
        tokens_per_day bigint null,
        open_turns_per_user integer not null,
        open_turns_per_conversation integer not null,
        context_tokens integer null,
        attachments_per_message integer not null,
        attachment_bytes integer not null,
        allowed_models jsonb null,
        sign_up_grant bigint not null,
        monthly_grant bigint not null
      )`);
    this.addSql(`create unique index tier_default on tier (is_default) where is_default`);
    // Open turns were settings of the whole installation before.
    this.addSql(`
      insert into tier
      select s.id, s.name, s.id = 'free', s.position, s.requests_per_minute, s.requests_per_day, s.tokens_per_day,
        ${setting('openTurnsPerUser', 15, 100)}, ${setting('openTurnsPerConversation', 5, 50)},
        null, s.attachments, s.megabytes * 1000000, null, s.sign_up * 1000000::bigint, s.monthly * 1000000::bigint
      from (values
        ('free', 'Free', 0, 30, 1000, 2000000::bigint, 4, 10, 100, 100),
        ('pro', 'Pro', 1, 60, 5000, 20000000, 10, 25, 0, 2000),
        ('team', 'Team', 2, 120, null, null, 20, 50, 0, 10000)
      ) as s (id, name, position, requests_per_minute, requests_per_day, tokens_per_day, attachments, megabytes, sign_up,
        monthly)`);
    this.addSql(`delete from settings where key in ('openTurnsPerUser', 'openTurnsPerConversation')`);
    // As a function it holds for whoever joins after the default has changed, however he is added.
    this.addSql(`
      create function default_tier() returns varchar language sql stable
      as $$ select id from tier where is_default $$`);
    this.addSql(`
      alter table users add column tier_id varchar(40) not null default default_tier()
        constraint users_tier_id_foreign references tier (id)`);
    this.addSql(`create index users_tier_id_index on users (tier_id)`);
    this.addSql(`
      create table limit_override (
        id uuid primary key,
        created_at timestamptz not null default now(),
        user_id uuid not null constraint limit_override_user_id_foreign references users (id) on delete cascade,
        fields jsonb not null,
        reason text not null,
        expires_at timestamptz null
      )`);
    this.addSql(`create index limit_override_user_id_index on limit_override (user_id)`);
    this.addSql(`
      create table usage_day (
        user_id uuid not null,
        day date not null,
        model text not null,
        plugin text not null,
        requests integer not null default 0,
        input_tokens bigint not null default 0,
        output_tokens bigint not null default 0,
        charged bigint not null default 0,
        primary key (user_id, day, model, plugin)
      )`);
  }

  override down(): void {
    this.addSql(`drop table usage_day`);
    this.addSql(`drop table limit_override`);
    this.addSql(`alter table users drop column tier_id`);
    this.addSql(`drop function default_tier()`);
    this.addSql(`
      insert into settings (key, value)
      select 'openTurnsPerUser', to_jsonb(open_turns_per_user) from tier where is_default
      union all
      select 'openTurnsPerConversation', to_jsonb(open_turns_per_conversation) from tier where is_default`);
    this.addSql(`drop table tier`);
  }
}
