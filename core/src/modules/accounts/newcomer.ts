import type { EntityManager } from '@mikro-orm/postgresql';
import type { Language } from '@parley/sdk/contract';
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { EmailTaken } from './accounts.errors.ts';
import { User } from './user.entity.ts';

/** What somebody brings who joins; the password is hashed before any transaction starts. */
export interface Newcomer {
  email: string;
  nickname: string;
  passwordHash: string;
  language: Language;
  timeZone: string;
}

/** Adds the account; of two that come with one address at once the second is told. */
export async function addUser(em: EntityManager, newcomer: Newcomer, role: User['role']): Promise<User> {
  const user = em.create(User, { ...newcomer, role });
  try {
    await em.flush();
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    const problem = { path: 'email', code: 'taken', message: 'has an account already' };
    throw EmailTaken(undefined, { errors: [problem] });
  }
  return user;
}
