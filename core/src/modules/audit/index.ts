import type { EntityManager } from '@mikro-orm/postgresql';
import type { Pool, PoolClient } from 'pg';
import { type ApiRoute, apiRoute } from '../../http/api-route.ts';
import { cursorId, idPage } from '../../http/id-page.ts';
import { findAuditEntries } from './audit-queries.ts';
import { type AuditRecord, recordInSql, recordWithUnitOfWork } from './audit-record.ts';
import { type PersonName, presentAuditEntry } from './audit.presenter.ts';

export type { AuditRecord } from './audit-record.ts';
export { changedFields, changesBetween } from './differences.ts';
export type { PersonName } from './audit.presenter.ts';

export interface Audit {
  /** With plain SQL; inside the transaction of the change when `db` is its client. */
  record(db: Pool | PoolClient, record: AuditRecord): Promise<void>;
  /** With the ORM: written by the flush that writes the change. */
  add(em: EntityManager, record: AuditRecord): void;
}

export interface AuditModule extends Audit {
  routes: ApiRoute[];
}

export interface AuditDeps {
  database: { pool: Pool };
  /** Names for ids; those of accounts that are gone are missing. */
  people(ids: string[]): Promise<ReadonlyMap<string, PersonName>>;
}

export function createAuditModule(deps: AuditDeps): AuditModule {
  return {
    record: recordInSql,
    add: recordWithUnitOfWork,
    routes: [
      apiRoute('GET /api/admin/audit', {}, async ({ query: { cursor, limit, ...filter } }) => {
        const page = { before: cursorId(cursor), limit: limit + 1 };
        const rows = await findAuditEntries(deps.database.pool, filter, page);
        const ids = rows.flatMap((row) => [row.actorId ?? [], row.targetType === 'user' ? row.targetId : []].flat());
        const people = await deps.people([...new Set(ids)]);
        return idPage(rows, limit, (row) => presentAuditEntry(row, people));
      }),
    ],
  };
}
