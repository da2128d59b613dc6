import type { EntityManager } from '@mikro-orm/postgresql';
import type { Pool, PoolClient } from 'pg';
import { uuidV7 } from '../../lib/uuid-v7.ts';
import { AuditEntry } from './audit-entry.entity.ts';

/** One thing somebody did. */
export interface AuditRecord {
  /** Null: the system itself. */
  actorId: string | null;
  /** The kind of thing first, then what became of it: `user.suspended`, `tier.changed`. */
  action: string;
  targetType: string;
  targetId: string;
  /** In the admin's words. */
  reason?: string | null;
  /**
   * What a reader needs to understand it later: `name` of the target, `fields` that were changed, `changes` with what
   * was and what is. Never a secret: names of fields, not their values, wherever a value may be one.
   */
  data?: Record<string, unknown>;
}

/** Writes with plain SQL: inside the transaction of the change when `db` is its client. */
export async function recordInSql(db: Pool | PoolClient, record: AuditRecord): Promise<void> {
  const { id, actorId, action, targetType, targetId, reason, data, createdAt } = rowOf(record);
  await db.query(
    `insert into audit_entry (id, actor_id, action, target_type, target_id, reason, data, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, actorId, action, targetType, targetId, reason, JSON.stringify(data), createdAt],
  );
}

/** Joins a unit of work: written by the flush that writes the change, or not at all. */
export function recordWithUnitOfWork(em: EntityManager, record: AuditRecord): void {
  em.create(AuditEntry, rowOf(record));
}

function rowOf({ reason = null, data = {}, ...record }: AuditRecord) {
  const now = Date.now();
  return { ...record, reason, data, id: uuidV7(now), createdAt: new Date(now) };
}
