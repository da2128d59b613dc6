import type {
  PasswordChange,
  ProfileChange,
  SignInRequest,
  SignUpPolicy,
  SignUpRequest,
  User as UserShape,
} from '@parley/sdk/contract';
import type { z } from 'zod';
import type { EventBus } from '../../events/event-bus.ts';
import type { Database } from '../../ports/database/database.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import {
  AccountSuspended,
  InvitationNeeded,
  SetupNeeded,
  SignUpClosed,
  UserNotFound,
  WrongCredentials,
  WrongPassword,
} from './accounts.errors.ts';
import './accounts.events.ts';
import { presentUser } from './accounts.presenter.ts';
import { expectInvitation, takeInvitation } from './invitations.service.ts';
import { addUser } from './newcomer.ts';
import { hashPassword, verifyPassword } from './password.ts';
import type { SessionsService } from './sessions.service.ts';
import type { Setup } from './setup.ts';
import type { SignInGuard } from './sign-in-guard.ts';
import { User } from './user.entity.ts';

export interface AccountsServiceDeps {
  database: Database;
  events: EventBus;
  broadcaster: Broadcaster;
  sessions: SessionsService;
  setup: Setup;
  guard: SignInGuard;
  signUpPolicy: () => z.output<typeof SignUpPolicy>;
}

export class AccountsService {
  readonly #deps: AccountsServiceDeps;

  constructor(deps: AccountsServiceDeps) {
    this.#deps = deps;
  }

  async signUp(request: z.output<typeof SignUpRequest>): Promise<User> {
    const { database, setup, signUpPolicy } = this.#deps;
    if (await setup.isNeeded()) throw SetupNeeded();
    const policy = signUpPolicy();
    if (policy === 'closed') throw SignUpClosed();
    const invitation = policy === 'invitation' ? request.invitation : undefined;
    if (policy === 'invitation' && (invitation === undefined || invitation === '')) throw InvitationNeeded();
    if (invitation !== undefined) await expectInvitation(database.em(), invitation);

    const { email, nickname, language, timeZone, password } = request;
    const newcomer = { email, nickname, language, timeZone, passwordHash: await hashPassword(password) };
    const joined = await database.em().transactional(async (tx) => {
      const user = await addUser(tx, newcomer, 'user');
      if (invitation !== undefined) await takeInvitation(tx, invitation, user.id);
      return user;
    });
    this.#deps.events.emit('account.created', { userId: joined.id });
    return joined;
  }

  /** Takes as long, and says the same, for an address nobody has. */
  async signIn(request: z.output<typeof SignInRequest>): Promise<User> {
    const { database, guard } = this.#deps;
    await guard.admit(request.email);
    const user = await database.em().findOne(User, { email: request.email });
    if (!(await verifyPassword(user?.passwordHash ?? null, request.password)) || user === null)
      throw WrongCredentials();
    await guard.succeeded(request.email);
    // Told only to whoever knows the password.
    if (user.suspendedAt !== null) throw AccountSuspended();
    return user;
  }

  async get(userId: string): Promise<User> {
    const user = await this.#deps.database.em().findOne(User, { id: userId });
    if (user === null) throw UserNotFound();
    return user;
  }

  async changeProfile(userId: string, change: z.output<typeof ProfileChange>): Promise<UserShape> {
    const { database, broadcaster, events } = this.#deps;
    const { preferences, ...plain } = change;
    const em = database.em();
    const user = await em.findOne(User, { id: userId });
    if (user === null) throw UserNotFound();
    em.assign(user, plain);
    if (preferences !== undefined) user.preferences = { ...user.preferences, ...preferences };
    await em.flush();
    const shape = presentUser(user);
    events.emit('account.profile-changed', { userId });
    broadcaster.emit(`user:${userId}`, 'me:changed', shape);
    return shape;
  }

  /** Ends every other session: whoever knew the old password is out. */
  async changePassword(userId: string, sessionId: string, change: z.output<typeof PasswordChange>): Promise<void> {
    const { database, guard, sessions } = this.#deps;
    const em = database.em();
    const user = await em.findOne(User, { id: userId });
    if (user === null) throw UserNotFound();
    // A stolen session must not be a way around the pause for guesses.
    await guard.admit(user.email);
    if (!(await verifyPassword(user.passwordHash, change.current))) {
      throw WrongPassword(undefined, {
        errors: [{ path: 'current', code: 'wrong', message: 'is not the current password' }],
      });
    }
    await guard.succeeded(user.email);
    user.passwordHash = await hashPassword(change.next);
    await em.flush();
    await sessions.endOthers(userId, sessionId, 'password-changed');
  }
}
