import { hashToken, newSecretToken } from '../../lib/secret-token.ts';
import type { Database } from '../../ports/database/database.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import { SESSION_DAYS } from './credential-queries.ts';
import type { Credentials } from './credentials.ts';
import { deviceName } from './device-name.ts';
import { Session } from './session.entity.ts';
import { User } from './user.entity.ts';

type EndReason = Parameters<Broadcaster['disconnect']>[2];

/** Where somebody signs in from. */
export interface Visitor {
  address: string;
  userAgent: string | undefined;
}

export class SessionsService {
  readonly #database: Database;
  readonly #credentials: Credentials;
  readonly #broadcaster: Broadcaster;

  constructor(deps: { database: Database; credentials: Credentials; broadcaster: Broadcaster }) {
    this.#database = deps.database;
    this.#credentials = deps.credentials;
    this.#broadcaster = deps.broadcaster;
  }

  /** The token goes into the cookie and is kept nowhere. */
  async open(userId: string, visitor: Visitor): Promise<string> {
    const token = newSecretToken();
    const em = this.#database.em();
    em.create(Session, {
      user: em.getReference(User, userId),
      tokenHash: hashToken(token),
      device: deviceName(visitor.userAgent),
      address: visitor.address.slice(0, 64),
      expiresAt: new Date(Date.now() + SESSION_DAYS * 24 * 3_600_000),
    });
    em.getReference(User, userId).lastSeenAt = new Date();
    await em.flush();
    return token;
  }

  list(userId: string): Promise<Session[]> {
    const living = { user: userId, expiresAt: { $gt: new Date() } };
    return this.#database.em().find(Session, living, { orderBy: { lastUsedAt: 'desc' } });
  }

  /** False when there is no such session of this user. */
  async end(userId: string, id: string, reason: EndReason): Promise<boolean> {
    return (await this.#endWhere('id = $2', [userId, id], reason)) > 0;
  }

  /** All of a user's sessions but the one named. */
  async endOthers(userId: string, keepId: string | null, reason: EndReason): Promise<void> {
    await this.#endWhere('id is distinct from $2', [userId, keepId], reason);
  }

  async #endWhere(condition: string, values: [userId: string, id: string | null], reason: EndReason): Promise<number> {
    const { rows } = await this.#database.pool.query<{ id: string }>(
      `delete from sessions where user_id = $1 and ${condition} returning id`,
      values,
    );
    if (rows.length === 0) return 0;
    // The reason first: hearing of changed credentials alone, an instance would close the sockets without one.
    await this.#broadcaster.disconnect(
      values[0],
      rows.map((row) => row.id),
      reason,
    );
    await this.#credentials.changed();
    return rows.length;
  }
}
