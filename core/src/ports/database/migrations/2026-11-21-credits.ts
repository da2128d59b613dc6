import { Migration } from '@mikro-orm/migrations';

/** Accounts, the ledger, holds, prices and redeem codes. */
export class Credits20261121 extends Migration {
  override up(): void {
    this.addSql(`
      create table credit_account (
        user_id uuid primary key,
        available bigint not null default 0,
        held bigint not null default 0,
        day_cap bigint null,
        conversation_cap bigint null,
        low_balance_at bigint null,
        created_at timestamptz(3) not null default now(),
        constraint credit_account_available check (available >= 0 and available <= 9000000000000000),
        constraint credit_account_held check (held >= 0 and held <= 9000000000000000)
      )`);
    this.addSql(`
      create table credit_transfer (
        id bigserial primary key,
        user_id uuid not null,
        kind text not null,
        debit text not null,
        credit text not null,
        amount bigint not null,
        turn_id uuid null,
        actor_id uuid null,
        reason text null,
        idempotency_key text not null constraint credit_transfer_idempotency_key_unique unique,
        created_at timestamptz(3) not null default now(),
        constraint credit_transfer_amount check (amount > 0),
        constraint credit_transfer_kind check (
          kind = 'grant' and debit = 'granted' and credit = 'available'
            or kind = 'hold' and debit = 'available' and credit = 'held'
            or kind = 'capture' and debit = 'held' and credit = 'revenue'
            or kind = 'release' and debit = 'held' and credit = 'available'
            or kind = 'refund' and debit = 'revenue' and credit = 'available'
            or kind = 'adjust' and debit = 'granted' and credit = 'available'
            or kind = 'adjust' and debit = 'available' and credit = 'granted')
      )`);
    this.addSql(`create index credit_transfer_user on credit_transfer (user_id, id)`);
    this.addSql(`create index credit_transfer_turn on credit_transfer (turn_id) where turn_id is not null`);
    // Two walls: a role that is no superuser has not the right, and nobody gets past the trigger.
    this.addSql(`revoke update, delete, truncate on credit_transfer from current_user`);
    this.addSql(`
      create function credit_transfer_append_only_fn() returns trigger language plpgsql as $$ begin
        raise exception 'the ledger is append-only' using errcode = 'insufficient_privilege';
      end; $$`);
    this.addSql(`
      create trigger append_only before update or delete on credit_transfer
        for each statement execute function credit_transfer_append_only_fn()`);
    // On its own, as the schema's own list of triggers (and so the ORM's comparison) knows no truncation.
    this.addSql(`
      create trigger append_only_whole before truncate on credit_transfer
        for each statement execute function credit_transfer_append_only_fn()`);
    this.addSql(`
      create table credit_hold (
        turn_id uuid primary key,
        user_id uuid not null,
        conversation_id uuid null,
        model text not null,
        price_id uuid not null,
        estimate bigint not null,
        amount bigint not null,
        state text not null,
        captured bigint not null default 0,
        refunded bigint not null default 0,
        input_tokens integer null,
        output_tokens integer null,
        counted_by text null,
        expires_at timestamptz(3) not null,
        created_at timestamptz(3) not null default now(),
        resolved_at timestamptz(3) null,
        constraint credit_hold_amount check (amount > 0),
        constraint credit_hold_captured check (captured >= 0 and captured <= amount),
        constraint credit_hold_refunded check (refunded >= 0 and refunded <= captured),
        constraint credit_hold_state check (
          state = 'captured' and captured > 0 or state in ('active', 'released', 'expired') and captured = 0)
      )`);
    this.addSql(`create index credit_hold_active on credit_hold (expires_at) where state = 'active'`);
    this.addSql(`create index credit_hold_user on credit_hold (user_id, created_at)`);
    this.addSql(
      `create index credit_hold_conversation on credit_hold (conversation_id) where conversation_id is not null`,
    );
    this.addSql(`
      create table model_price (
        id uuid primary key,
        model text not null,
        valid_from timestamptz(3) not null,
        per_message bigint not null,
        per_1k_input bigint not null,
        per_1k_output bigint not null,
        per_1k_reasoning bigint null,
        per_1k_cached_input bigint null,
        per_image bigint not null,
        per_video_second bigint not null,
        created_by uuid null,
        created_at timestamptz(3) not null default now(),
        constraint model_price_version unique (model, valid_from),
        constraint model_price_amounts check (
          least(per_message, per_1k_input, per_1k_output, per_1k_reasoning, per_1k_cached_input, per_image,
            per_video_second) >= 0)
      )`);
    this.addSql(`
      create table credit_code (
        id uuid primary key,
        batch text not null,
        code_hash bytea not null constraint credit_code_code_hash_unique unique,
        hint text not null,
        amount bigint not null,
        uses integer not null default 0,
        max_uses integer not null,
        expires_at timestamptz(3) null,
        revoked_at timestamptz(3) null,
        created_by uuid null,
        created_at timestamptz(3) not null default now(),
        constraint credit_code_uses check (amount > 0 and uses >= 0 and uses <= max_uses)
      )`);
    this.addSql(`
      create table credit_redemption (
        code_id uuid not null constraint credit_redemption_code_id_foreign references credit_code (id),
        user_id uuid not null,
        created_at timestamptz(3) not null default now(),
        primary key (code_id, user_id)
      )`);
  }

  override down(): void {
    this.addSql(`drop table credit_redemption, credit_code, model_price, credit_hold, credit_transfer, credit_account`);
    this.addSql(`drop function credit_transfer_append_only_fn`);
  }
}
