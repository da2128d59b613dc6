import type { AuditEntry as AuditEntryShape } from '@parley/sdk/contract';
import { isoTime } from '../../lib/iso-time.ts';
import type { AuditRow } from './audit-queries.ts';

/** What people are called today. */
export interface PersonName {
  nickname: string;
  email: string;
}

export function presentAuditEntry(row: AuditRow, people: ReadonlyMap<string, PersonName>): AuditEntryShape {
  const actor = row.actorId === null ? undefined : people.get(row.actorId);
  const target = row.targetType === 'user' ? people.get(row.targetId) : undefined;
  return {
    id: row.id,
    action: row.action,
    actor:
      row.actorId === null ? null : { id: row.actorId, nickname: actor?.nickname ?? null, email: actor?.email ?? null },
    target: { type: row.targetType, id: row.targetId, name: target?.nickname ?? nameThen(row.data) },
    reason: row.reason,
    data: row.data as AuditEntryShape['data'],
    createdAt: isoTime(row.createdAt),
  };
}

/** What it was called when it happened. */
function nameThen({ name }: Record<string, unknown>): string | null {
  return typeof name === 'string' ? name : null;
}
