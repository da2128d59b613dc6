import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import type { SetupRequest } from '@parley/sdk/contract';
import { hashToken, newSecretToken } from '../../lib/secret-token.ts';
import type { EventBus } from '../../events/event-bus.ts';
import type { Database } from '../../ports/database/database.ts';
import type { Audit } from '../audit/index.ts';
import { SetupDone, SetupTokenInvalid } from './accounts.errors.ts';
import { addUser, type Newcomer } from './newcomer.ts';
import { hashPassword } from './password.ts';
import { SetupToken } from './setup-token.entity.ts';
import type { User } from './user.entity.ts';

/** Any number: what counts is that everybody who makes the first admin takes the same lock. */
const FIRST_ADMIN_LOCK = 4_101_977;

/** The way from an empty installation to exactly one first admin. */
export class Setup {
  readonly #database: Database;
  readonly #audit: Audit;
  readonly #events: EventBus;
  #hasUsers = false;

  constructor(deps: { database: Database; audit: Audit; events: EventBus }) {
    this.#database = deps.database;
    this.#audit = deps.audit;
    this.#events = deps.events;
  }

  /** Asked often, so the answer is kept once it is no: accounts do not vanish altogether. */
  async isNeeded(): Promise<boolean> {
    if (this.#hasUsers) return false;
    this.#hasUsers = await someUser(this.#database.em());
    return !this.#hasUsers;
  }

  /** A new one-time token, or null when there is somebody already. Tokens of earlier starts stay good: a link may be on its way. */
  async makeToken(): Promise<string | null> {
    if (!(await this.isNeeded())) return null;
    const token = newSecretToken();
    const em = this.#database.em();
    em.create(SetupToken, { tokenHash: hashToken(token) });
    await em.flush();
    return token;
  }

  async withToken(request: z.output<typeof SetupRequest>): Promise<User> {
    if (!(await this.isNeeded())) throw SetupDone();
    const em = this.#database.em();
    // Before the costly hash: whoever has no token gets no work out of us.
    if ((await em.count(SetupToken, { tokenHash: hashToken(request.token) })) === 0) throw wrongToken();
    const { email, nickname, language, timeZone, password } = request;
    const newcomer = { email, nickname, language, timeZone, passwordHash: await hashPassword(password) };
    return this.#makeFirst(newcomer, async (tx) => {
      if ((await tx.nativeDelete(SetupToken, { tokenHash: hashToken(request.token) })) === 0) throw wrongToken();
    });
  }

  /** From the environment, when nobody is there to follow a link. False when somebody is there already. */
  async unattended(admin: { email: string; password: string }): Promise<boolean> {
    if (!(await this.isNeeded())) return false;
    const passwordHash = await hashPassword(admin.password);
    const nickname = admin.email.split('@')[0] ?? 'admin';
    try {
      await this.#makeFirst(
        { email: admin.email, nickname: nickname.slice(0, 40), passwordHash, language: 'en', timeZone: 'UTC' },
        async () => {},
      );
      return true;
    } catch (error) {
      // Another instance with the same environment was first.
      if (SetupDone.is(error)) return false;
      throw error;
    }
  }

  async #makeFirst(newcomer: Newcomer, check: (tx: EntityManager) => Promise<void>): Promise<User> {
    const user = await this.#database.em().transactional(async (tx) => {
      await tx.execute('select pg_advisory_xact_lock(?)', [FIRST_ADMIN_LOCK]);
      if (await someUser(tx)) throw SetupDone();
      await check(tx);
      const first = await addUser(tx, newcomer, 'admin');
      const changes = { role: { from: null, to: 'admin' } };
      this.#audit.add(tx, {
        actorId: null,
        action: 'user.role-changed',
        targetType: 'user',
        targetId: first.id,
        data: { changes },
      });
      await tx.nativeDelete(SetupToken, {});
      return first;
    });
    this.#hasUsers = true;
    this.#events.emit('account.created', { userId: user.id });
    return user;
  }
}

function wrongToken() {
  const problem = { path: 'token', code: 'invalid', message: 'is not the one that was printed' };
  return SetupTokenInvalid(undefined, { errors: [problem] });
}

async function someUser(em: EntityManager): Promise<boolean> {
  return (await em.execute('select 1 from users limit 1')).length > 0;
}
