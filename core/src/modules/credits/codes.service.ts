import { randomInt } from 'node:crypto';
import type { CodesCreate, CreditCode } from '@parley/sdk/contract';
import type { Pool, PoolClient } from 'pg';
import type { z } from 'zod';
import { cursorId, idPage } from '../../http/id-page.ts';
import { isoTime, isoTimeOrNull } from '../../lib/iso-time.ts';
import { hashToken } from '../../lib/secret-token.ts';
import { uuidV7 } from '../../lib/uuid-v7.ts';
import { inTransaction } from '../../ports/database/transaction.ts';
import type { TellBooked } from './booked.ts';
import { CodeNotFound, CodeNotUsable, CodeUsedBefore } from './credits.errors.ts';
import { move } from './ledger/index.ts';

/** Without those that are taken for each other when they are read aloud or typed: 0 and O, 1 and I and L, U and V. */
const LETTERS = 'ABCDEFGHJKMNPQRSTWXYZ23456789';
const GROUPS = 4;
const GROUP_LETTERS = 4;
const HINT_LETTERS = 4;

interface CodeRow {
  id: string;
  batch: string;
  hint: string;
  amount: string;
  uses: number;
  max_uses: number;
  expires_at: string | null;
  revoked_at: string | null;
  created_at: string;
}
const columns = 'id, batch, hint, amount, uses, max_uses, expires_at, revoked_at, created_at';

/** Redeem codes: made in batches, shown once, kept as hashes. */
export class CodesService {
  readonly #pool: Pool;
  readonly #tell: TellBooked;

  constructor(deps: { pool: Pool; tell: TellBooked }) {
    this.#pool = deps.pool;
    this.#tell = deps.tell;
  }

  async make(
    wanted: z.output<typeof CodesCreate>,
    createdBy: string,
    also: (client: PoolClient) => Promise<void>,
  ): Promise<string[]> {
    const codes = Array.from({ length: wanted.count }, newCode);
    await inTransaction(this.#pool, async (client) => {
      await client.query(
        `insert into credit_code (id, batch, code_hash, hint, amount, max_uses, expires_at, created_by)
         select c.id, $2, decode(c.hash, 'hex'), c.hint, $3, $4, $5, $6
         from json_to_recordset($1::json) as c (id uuid, hash text, hint text)`,
        [
          JSON.stringify(
            codes.map((code) => ({
              id: uuidV7(),
              hash: hashOf(code).toString('hex'),
              hint: code.slice(-HINT_LETTERS),
            })),
          ),
          wanted.batch,
          wanted.amount,
          wanted.maxUses,
          wanted.expiresAt,
          createdBy,
        ],
      );
      await also(client);
    });
    return codes;
  }

  /** How much it was worth. Of several who redeem the last use at once, one gets it. */
  async redeem(userId: string, code: string): Promise<number> {
    const booked = await inTransaction(this.#pool, async (client) => {
      const { rows } = await client.query<{ id: string; batch: string; amount: string }>(
        `update credit_code set uses = uses + 1
         where code_hash = $1 and uses < max_uses and revoked_at is null and (expires_at is null or expires_at > now())
         returning id, batch, amount`,
        [hashOf(code)],
      );
      const used = rows[0];
      if (used === undefined)
        throw (await this.#hasRedeemed(client, userId, code)) ? CodeUsedBefore() : CodeNotUsable();
      const mine = await client.query(
        `insert into credit_redemption (code_id, user_id) values ($1, $2) on conflict do nothing`,
        [used.id, userId],
      );
      if (mine.rowCount === 0) throw CodeUsedBefore();
      const account = await move(client, {
        userId,
        kind: 'grant',
        amount: BigInt(used.amount),
        reason: `code: ${used.batch}`,
        actorId: userId,
        idempotencyKey: `code:${used.id}:${userId}`,
      });
      if (account === null || account === 'too-low') throw new Error('a redemption was booked before');
      return { account, amount: Number(used.amount) };
    });
    this.#tell({ accounts: [booked.account], moved: [{ kind: 'grant', amount: BigInt(booked.amount) }] });
    return booked.amount;
  }

  async list(filter: { batch?: string; cursor?: string; limit: number }): Promise<{
    items: CreditCode[];
    nextCursor: string | null;
  }> {
    const { rows } = await this.#pool.query<CodeRow>(
      `select ${columns} from credit_code
       where ($1::text is null or batch = $1) and ($2::uuid is null or id < $2)
       order by id desc limit $3`,
      [filter.batch ?? null, cursorId(filter.cursor) ?? null, filter.limit + 1],
    );
    return idPage(rows, filter.limit, presentCode);
  }

  async revoke(id: string, also: (client: PoolClient) => Promise<void>): Promise<CreditCode> {
    return inTransaction(this.#pool, async (client) => {
      const { rows } = await client.query<CodeRow>(
        `update credit_code set revoked_at = coalesce(revoked_at, now()) where id = $1 returning ${columns}`,
        [id],
      );
      if (rows[0] === undefined) throw CodeNotFound();
      await also(client);
      return presentCode(rows[0]);
    });
  }

  async #hasRedeemed(client: PoolClient, userId: string, code: string): Promise<boolean> {
    const { rowCount } = await client.query(
      `select 1 from credit_redemption r join credit_code c on c.id = r.code_id
       where c.code_hash = $1 and r.user_id = $2`,
      [hashOf(code), userId],
    );
    return rowCount !== 0;
  }
}

/** 16 letters of 29: 77 bits, more than anybody can try. */
function newCode(): string {
  const group = () => Array.from({ length: GROUP_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/** However it was typed: without blanks and dashes, in capitals. */
function hashOf(code: string): Buffer {
  return hashToken(code.replace(/[\s-]/g, '').toUpperCase());
}

function presentCode(row: CodeRow): CreditCode {
  return {
    id: row.id,
    batch: row.batch,
    hint: row.hint,
    amount: Number(row.amount),
    uses: row.uses,
    maxUses: row.max_uses,
    expiresAt: isoTimeOrNull(row.expires_at),
    revokedAt: isoTimeOrNull(row.revoked_at),
    createdAt: isoTime(row.created_at),
  };
}
