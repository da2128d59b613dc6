import { randomUUID } from 'node:crypto';
import type { App } from '../../app.ts';
import { sessionCookie } from '../../http/authenticator.ts';
import { User } from '../../modules/accounts/index.ts';
import { hashPassword } from '../../modules/accounts/password.ts';

export interface TestUser {
  id: string;
  email: string;
  nickname: string;
  password: string;
  /** Of a session that was opened for this user; goes into the `cookie` header. */
  cookie: string;
}

export interface UserFactory {
  create(fields?: Partial<Pick<User, 'email' | 'nickname' | 'role' | 'language' | 'timeZone'>>): Promise<TestUser>;
  createAdmin(): Promise<TestUser>;
  /** Another session of the same user. */
  signIn(user: TestUser): Promise<TestUser>;
  createApiKey(user: TestUser, scopes?: ('chat' | 'read' | 'write')[]): Promise<string>;
}

/** One hash for all: making one for each user would be most of the time a test takes. */
const password = 'correct horse battery';
const passwordHash = hashPassword(password);

export function createUserFactory(app: App): UserFactory {
  const { accounts } = app.modules;
  const visitor = { address: '127.0.0.1', userAgent: 'test/1.0' };
  const cookieFor = async (id: string) => `${sessionCookie}=${await accounts.sessions.open(id, visitor)}`;

  async function create(fields: Parameters<UserFactory['create']>[0] = {}): Promise<TestUser> {
    const em = app.platform.database.em();
    const user = em.create(User, {
      email: `user-${randomUUID()}@example.com`,
      nickname: 'Robin',
      language: 'en',
      passwordHash: await passwordHash,
      ...fields,
    });
    await em.flush();
    const { id, email, nickname } = user;
    return { id, email, nickname, password, cookie: await cookieFor(id) };
  }

  return {
    create,
    createAdmin: () => create({ role: 'admin', nickname: 'Ada' }),
    signIn: async (user) => ({ ...user, cookie: await cookieFor(user.id) }),
    async createApiKey(user, scopes = ['chat', 'read', 'write']) {
      return (await accounts.apiKeys.create(user.id, { name: 'test', scopes })).key;
    },
  };
}
