import type { z } from 'zod';
import type { ApiKeyRequest } from '@parley/sdk/contract';
import { hashToken, newSecretToken } from '../../lib/secret-token.ts';
import type { Database } from '../../ports/database/database.ts';
import { ApiKeyNotFound, TooManyKeys } from './accounts.errors.ts';
import { ApiKey } from './api-key.entity.ts';
import type { Credentials } from './credentials.ts';
import { User } from './user.entity.ts';

/** Lets scanners for leaked credentials, and people, recognise a key of ours. */
const KEY_PREFIX = 'parley_';
const SHOWN_CHARACTERS = KEY_PREFIX.length + 5;
const MAX_KEYS = 50;

export class ApiKeysService {
  readonly #database: Database;
  readonly #credentials: Pick<Credentials, 'changed'>;

  constructor(deps: { database: Database; credentials: Pick<Credentials, 'changed'> }) {
    this.#database = deps.database;
    this.#credentials = deps.credentials;
  }

  async create(userId: string, request: z.output<typeof ApiKeyRequest>): Promise<{ apiKey: ApiKey; key: string }> {
    const em = this.#database.em();
    if ((await em.count(ApiKey, { user: userId })) >= MAX_KEYS) throw TooManyKeys({ limit: MAX_KEYS });
    const key = newSecretToken(KEY_PREFIX);
    const apiKey = em.create(ApiKey, {
      user: em.getReference(User, userId),
      name: request.name,
      prefix: key.slice(0, SHOWN_CHARACTERS),
      keyHash: hashToken(key),
      scopes: [...new Set(request.scopes)],
    });
    await em.flush();
    return { apiKey, key };
  }

  list(userId: string): Promise<ApiKey[]> {
    return this.#database.em().find(ApiKey, { user: userId }, { orderBy: { id: 'desc' } });
  }

  async revoke(userId: string, id: string): Promise<void> {
    // Another user's key is simply not there.
    if ((await this.#database.em().nativeDelete(ApiKey, { id, user: userId })) === 0) throw ApiKeyNotFound();
    await this.#credentials.changed();
  }
}
