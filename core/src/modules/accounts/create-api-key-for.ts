import type { ApiKeyRequest } from '@parley/sdk/contract';
import type { z } from 'zod';
import type { Database } from '../../ports/database/database.ts';
import { UserNotFound } from './accounts.errors.ts';
import { ApiKeysService } from './api-keys.service.ts';
import { User } from './user.entity.ts';

/** For the operator's command line, which runs beside the application or without it. */
export async function createApiKeyFor(
  database: Database,
  email: string,
  request: z.output<typeof ApiKeyRequest>,
): Promise<string> {
  const user = await database.em().findOne(User, { email });
  if (user === null) throw UserNotFound();
  // A new key is in nobody's memory yet: there is nothing to announce.
  const keys = new ApiKeysService({ database, credentials: { changed: async () => {} } });
  return (await keys.create(user.id, request)).key;
}
