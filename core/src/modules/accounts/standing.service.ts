import type { PoolClient } from 'pg';
import type { EventBus } from '../../events/event-bus.ts';
import type { Database } from '../../ports/database/database.ts';
import { inTransaction } from '../../ports/database/transaction.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import type { Audit } from '../audit/index.ts';
import './accounts.events.ts';
import { AlreadySuspended, LastAdmin, NotSuspended, UserNotFound } from './accounts.errors.ts';
import { presentUser } from './accounts.presenter.ts';
import type { AccountsService } from './accounts.service.ts';
import type { Credentials } from './credentials.ts';
import type { User } from './user.entity.ts';

/** Any number: changes of standing go one after the other, so that two admins cannot demote each other at once. */
const STANDING_LOCK = 4_101_978;

export interface StandingDeps {
  database: Database;
  events: EventBus;
  audit: Audit;
  broadcaster: Broadcaster;
  credentials: Credentials;
  accounts: AccountsService;
}

/** A decision about somebody: who made it, and why. */
export interface Decision {
  userId: string;
  by: string;
  reason?: string | null;
}

interface Standing {
  role: User['role'];
  suspended: boolean;
}

/** What admins decide about people. Each decision, its record and the sessions it ends stand or fall together. */
export class StandingService {
  readonly #deps: StandingDeps;

  constructor(deps: StandingDeps) {
    this.#deps = deps;
  }

  /** Bars sign-in and keys; every session and socket ends at once. */
  async suspend(decision: Decision): Promise<void> {
    const { userId, reason } = decision;
    await this.#decide(userId, async (client, before) => {
      if (before.suspended) throw AlreadySuspended();
      if (before.role === 'admin') await expectAnotherAdmin(client, userId);
      await client.query('update users set suspended_at = now(), suspension_reason = $2 where id = $1', [
        userId,
        reason,
      ]);
      const sessions = await endSessions(client, userId);
      await this.#record(client, 'user.suspended', decision, { sessions: sessions.length });
    });
    // Sockets of API keys too, whatever session they name.
    await this.#cut(userId, undefined, 'suspended');
    this.#deps.events.emit('account.suspended', { userId });
  }

  async unsuspend(decision: Decision): Promise<void> {
    await this.#decide(decision.userId, async (client, before) => {
      if (!before.suspended) throw NotSuspended();
      await client.query('update users set suspended_at = null, suspension_reason = null where id = $1', [
        decision.userId,
      ]);
      await this.#record(client, 'user.unsuspended', decision);
    });
    await this.#deps.credentials.changed();
  }

  /** Every session; keys stay good. */
  async signOut(decision: Decision): Promise<void> {
    const ended = await this.#decide(decision.userId, async (client) => {
      const sessions = await endSessions(client, decision.userId);
      await this.#record(client, 'user.signed-out', decision, { sessions: sessions.length });
      return sessions;
    });
    if (ended.length > 0) await this.#cut(decision.userId, ended, 'revoked');
  }

  async changeRole(decision: Decision & { role: User['role'] }): Promise<void> {
    const { userId, role } = decision;
    const changed = await this.#decide(userId, async (client, before) => {
      if (before.role === role) return false;
      if (before.role === 'admin' && !before.suspended) await expectAnotherAdmin(client, userId);
      await client.query('update users set role = $2 where id = $1', [userId, role]);
      await this.#record(client, 'user.role-changed', decision, { changes: { role: { from: before.role, to: role } } });
      return true;
    });
    if (!changed) return;
    const { accounts, broadcaster, credentials } = this.#deps;
    await credentials.changed();
    broadcaster.emit(`user:${userId}`, 'me:changed', presentUser(await accounts.get(userId)));
  }

  #decide<T>(userId: string, work: (client: PoolClient, before: Standing) => Promise<T>): Promise<T> {
    return inTransaction(
      this.#deps.database.pool,
      async (client) => {
        const { rows } = await client.query<Standing>(
          'select role, suspended_at is not null as suspended from users where id = $1 for update',
          [userId],
        );
        if (rows[0] === undefined) throw UserNotFound();
        return work(client, rows[0]);
      },
      [`select pg_advisory_xact_lock(${STANDING_LOCK})`],
    );
  }

  #record(
    client: PoolClient,
    action: string,
    { userId, by, reason }: Decision,
    data: Record<string, unknown> = {},
  ): Promise<void> {
    return this.#deps.audit.record(client, { actorId: by, action, targetType: 'user', targetId: userId, reason, data });
  }

  async #cut(userId: string, sessions: string[] | undefined, reason: 'suspended' | 'revoked'): Promise<void> {
    // The reason first: hearing of changed credentials alone, an instance would close the sockets without one.
    await this.#deps.broadcaster.disconnect(userId, sessions, reason);
    await this.#deps.credentials.changed();
  }
}

async function endSessions(client: PoolClient, userId: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>('delete from sessions where user_id = $1 returning id', [userId]);
  return rows.map(({ id }) => id);
}

/** Somebody must be left who can undo it. */
async function expectAnotherAdmin(client: PoolClient, userId: string): Promise<void> {
  const { rowCount } = await client.query(
    `select from users where role = 'admin' and suspended_at is null and id <> $1 limit 1`,
    [userId],
  );
  if (rowCount === 0) throw LastAdmin();
}
