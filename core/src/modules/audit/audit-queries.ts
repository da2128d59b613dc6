import type { AuditQuery } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import type { z } from 'zod';

export interface AuditRow {
  id: string;
  actorId: string | null;
  action: string;
  targetType: string;
  targetId: string;
  reason: string | null;
  data: Record<string, unknown>;
  createdAt: string | Date;
}

export type AuditFilter = Omit<z.output<typeof AuditQuery>, 'cursor' | 'limit'>;

/** Newest first. Ids carry the time, so every order and every span of time is the primary key's. */
export async function findAuditEntries(
  pool: Pool,
  filter: AuditFilter,
  page: { before: string | null; limit: number },
): Promise<AuditRow[]> {
  const values: unknown[] = [];
  const value = (given: unknown) => `$${values.push(given)}`;
  const { actor, action, targetType, targetId, from, to } = filter;
  const conditions = [
    ...(actor === undefined ? [] : [actor === 'system' ? 'actor_id is null' : `actor_id = ${value(actor)}`]),
    ...(action === undefined ? [] : [`starts_with(action, ${value(action)})`]),
    ...(targetType === undefined ? [] : [`target_type = ${value(targetType)}`]),
    ...(targetId === undefined ? [] : [`target_id = ${value(targetId)}`]),
    ...(from === undefined ? [] : [`id >= ${value(firstIdAt(from))}`]),
    ...(to === undefined ? [] : [`id < ${value(firstIdAt(to))}`]),
    ...(page.before === null ? [] : [`id < ${value(page.before)}`]),
  ];
  const { rows } = await pool.query<AuditRow>(
    `select id, actor_id as "actorId", action, target_type as "targetType", target_id as "targetId", reason, data,
            created_at as "createdAt"
       from audit_entry ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
      order by id desc limit ${value(page.limit)}`,
    values,
  );
  return rows;
}

/** No id of this millisecond sorts before it. */
function firstIdAt(time: string): string {
  const hex = Math.max(0, Date.parse(time)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
