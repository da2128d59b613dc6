import { Migration } from '@mikro-orm/migrations';

/** What is installed, what it keeps, and which models are offered through which connection. */
export class PluginsAndProviders20261121 extends Migration {
  override up(): void {
    this.addSql(`create table plugin (
      id varchar(110) primary key,
      enabled boolean not null default true,
      settings jsonb not null default '{}',
      refused_permissions jsonb not null default '[]',
      installed_at timestamptz not null default now()
    )`);
    this.addSql(`create table plugin_storage (
      plugin varchar(110) not null,
      key varchar(200) not null,
      value jsonb not null,
      bytes int not null,
      primary key (plugin, key)
    )`);
    this.addSql(`create table hook_order (
      kind varchar(40) primary key,
      refs jsonb not null
    )`);
    this.addSql(`create table provider_connection (
      id uuid primary key,
      provider varchar(180) not null,
      slug varchar(40) not null constraint provider_connection_slug_unique unique,
      name varchar(60) not null,
      enabled boolean not null default true,
      settings jsonb not null default '{}',
      secrets jsonb not null default '{}',
      created_at timestamptz not null default now()
    )`);
    this.addSql(`create table model (
      id uuid primary key,
      connection_id uuid not null constraint model_connection_id_foreign references provider_connection (id) on delete cascade,
      provider_model varchar(200) not null,
      public_id varchar(250) not null constraint model_public_id_unique unique,
      name varchar(80) not null,
      enabled boolean not null default true,
      position int not null default 0,
      context_tokens int not null,
      vision boolean not null default false,
      tools boolean not null default false,
      created_at timestamptz not null default now()
    )`);
    this.addSql('create index model_connection_id_index on model (connection_id)');
  }

  override down(): void {
    this.addSql('drop table model');
    this.addSql('drop table provider_connection');
    this.addSql('drop table hook_order');
    this.addSql('drop table plugin_storage');
    this.addSql('drop table plugin');
  }
}
