import { Migration } from '@mikro-orm/migrations';

export class Accounts extends Migration {
  override up(): void {
    this.addSql(`create table "users" (
      "id" uuid not null primary key,
      "created_at" timestamptz not null default now(),
      "email" varchar(254) not null,
      "nickname" varchar(100) not null,
      "role" text check ("role" in ('user', 'admin')) not null default 'user',
      "password_hash" varchar(255) not null,
      "language" varchar(20) not null,
      "theme" text check ("theme" in ('system', 'light', 'dark', 'high-contrast')) not null default 'system',
      "time_zone" varchar(60) not null default 'UTC',
      "preferences" jsonb not null default '{}'::jsonb,
      constraint "users_email_unique" unique ("email"))`);
    this.addSql(`create table "sessions" (
      "id" uuid not null primary key,
      "created_at" timestamptz not null default now(),
      "user_id" uuid not null,
      "token_hash" bytea not null,
      "device" varchar(100) not null,
      "address" varchar(64) not null,
      "last_used_at" timestamptz not null default now(),
      "expires_at" timestamptz not null,
      constraint "sessions_token_hash_unique" unique ("token_hash"),
      constraint "sessions_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade)`);
    this.addSql(`create index "sessions_user_id_index" on "sessions" ("user_id")`);
    this.addSql(`create table "api_keys" (
      "id" uuid not null primary key,
      "created_at" timestamptz not null default now(),
      "user_id" uuid not null,
      "name" varchar(200) not null,
      "prefix" varchar(20) not null,
      "key_hash" bytea not null,
      "scopes" text[] not null,
      "last_used_at" timestamptz null,
      constraint "api_keys_key_hash_unique" unique ("key_hash"),
      constraint "api_keys_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade)`);
    this.addSql(`create index "api_keys_user_id_index" on "api_keys" ("user_id")`);
    this.addSql(`create table "invitations" (
      "id" uuid not null primary key,
      "created_at" timestamptz not null default now(),
      "note" varchar(500) not null,
      "token_hash" bytea not null,
      "expires_at" timestamptz not null,
      "used_at" timestamptz null,
      "used_by_id" uuid null,
      constraint "invitations_token_hash_unique" unique ("token_hash"),
      constraint "invitations_used_by_id_foreign" foreign key ("used_by_id") references "users" ("id") on delete set null)`);
    this.addSql(`create table "setup_tokens" (
      "id" uuid not null primary key,
      "created_at" timestamptz not null default now(),
      "token_hash" bytea not null,
      constraint "setup_tokens_token_hash_unique" unique ("token_hash"))`);
    this.addSql(`create table "settings" (
      "key" varchar(100) not null primary key,
      "value" jsonb not null,
      "updated_at" timestamptz not null default now())`);
  }

  override down(): void {
    for (const table of ['settings', 'setup_tokens', 'invitations', 'api_keys', 'sessions', 'users']) {
      this.addSql(`drop table "${table}"`);
    }
  }
}
