import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inTransaction } from '../../ports/database/transaction.ts';
import { createTestApp, type TestApp } from '../../testing/create-test-app.ts';
import type { TestUser } from '../../testing/factories/users.ts';
import { problemOf } from '../../testing/problem-of.ts';
import type { AuditRecord } from './index.ts';

let parley: TestApp;
let admin: TestUser;
beforeAll(async () => {
  parley = await createTestApp({ withoutPlugins: true });
  admin = await parley.users.createAdmin();
});
afterAll(() => parley.stop());

const pool = () => parley.app.platform.database.pool;
/** About a target of its own, so that tests do not see each other's entries. */
function entry(fields: Partial<AuditRecord> = {}): AuditRecord {
  return { actorId: admin.id, action: 'thing.made', targetType: 'thing', targetId: randomUUID(), ...fields };
}
const record = (given: AuditRecord) => parley.app.modules.audit.record(pool(), given);
const list = (query: Record<string, unknown>) => parley.http(admin)('GET /api/admin/audit', { query });

describe('an entry', () => {
  test('says who did what to whom, and why, in the names of today', async () => {
    const person = await parley.users.create({ nickname: 'Mira' });
    const given = {
      action: 'user.praised',
      targetType: 'user',
      targetId: person.id,
      reason: 'kind',
      data: { times: 2 },
    };
    await record(entry(given));
    const { items } = await list({ targetType: 'user', targetId: person.id });
    expect(items).toEqual([
      {
        id: expect.any(String),
        action: 'user.praised',
        actor: { id: admin.id, nickname: 'Ada', email: admin.email },
        target: { type: 'user', id: person.id, name: 'Mira' },
        reason: 'kind',
        data: { times: 2 },
        createdAt: expect.any(String),
      },
    ]);
  });

  test('stays when its actor and its target are gone', async () => {
    const gone = await parley.users.create();
    const given = entry({ actorId: gone.id, data: { name: 'What it was called' } });
    await record(given);
    await pool().query('delete from users where id = $1', [gone.id]);
    const { items } = await list({ targetId: given.targetId });
    expect(items[0]).toMatchObject({
      actor: { id: gone.id, nickname: null, email: null },
      target: { name: 'What it was called' },
    });
  });

  test('stands only if its transaction does, in SQL and in the ORM', async () => {
    const { audit } = parley.app.modules;
    const [left, kept] = [entry(), entry()];
    const failing = inTransaction(pool(), async (client) => {
      await audit.record(client, left);
      throw new Error('the change failed');
    });
    await expect(failing).rejects.toThrow('the change failed');
    const em = parley.app.platform.database.em();
    audit.add(em, kept);
    expect((await list({ targetId: kept.targetId })).items).toEqual([]);
    await em.flush();
    expect((await list({ targetId: left.targetId })).items).toEqual([]);
    expect((await list({ targetId: kept.targetId })).items).toHaveLength(1);
  });

  test.each(['update audit_entry set reason = null', 'delete from audit_entry', 'truncate audit_entry'])(
    'is not touched by "%s"',
    async (statement) => {
      await expect(pool().query(statement)).rejects.toMatchObject({ code: '42501' });
    },
  );
});

describe('the list', () => {
  test('comes newest first, page by page, without a gap', async () => {
    const targetId = randomUUID();
    for (let count = 0; count < 5; count++) await record(entry({ targetId }));
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await list({ targetId, limit: 2, ...(cursor === null ? {} : { cursor }) });
      ids.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(ids).toHaveLength(5);
    expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
  });

  test('is narrowed by actor, by what the action begins with, and by time', async () => {
    const targetId = randomUUID();
    await record(entry({ targetId, action: 'user.suspended' }));
    await record(entry({ targetId, action: 'user.unsuspended', actorId: null }));
    await record(entry({ targetId, action: 'tier.changed' }));
    const actions = async (query: Record<string, unknown>) =>
      (await list({ targetId, ...query })).items.map((item) => item.action);
    expect((await actions({ actor: admin.id })).toSorted()).toEqual(['tier.changed', 'user.suspended']);
    expect(await actions({ actor: 'system' })).toEqual(['user.unsuspended']);
    expect((await actions({ action: 'user' })).toSorted()).toEqual(['user.suspended', 'user.unsuspended']);
    const middle = (await list({ targetId, action: 'user.uns' })).items[0]!.createdAt;
    expect(await actions({ from: middle })).toEqual(expect.arrayContaining(['tier.changed', 'user.unsuspended']));
    expect(await actions({ to: middle })).not.toContain('user.unsuspended');
    expect(await actions({ from: '2100-01-01T00:00:00Z' })).toEqual([]);
  });

  test.each([{ cursor: 'nonsense' }, { actor: 'me' }, { action: "x' or 1=1" }, { from: 'yesterday' }, { limit: 101 }])(
    'refuses %o with the field',
    async (query) => {
      expect(await problemOf(list(query))).toMatchObject({
        status: 422,
        code: 'input.invalid',
        errors: [{ path: Object.keys(query)[0] }],
      });
    },
  );
});
