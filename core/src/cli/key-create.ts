import { parseArgs } from 'node:util';
import { ApiKeyRequest, Email } from '@parley/sdk/contract';
import type { z } from 'zod';
import type { Config } from '../config/config.ts';
import { createApiKeyFor, UserNotFound } from '../modules/accounts/index.ts';
import { openDatabase } from '../ports/database/database.ts';
import { migrate } from '../ports/database/migrate.ts';
import { reachDatabase } from './reach-database.ts';
import { UsageError } from './usage.ts';

const Request = ApiKeyRequest.extend({ email: Email });

/** Prints one key and nothing else, so that a script can keep it: `KEY=$(npm run --silent parley -- key create …)`. */
export async function keyCreate(config: Config, args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { email: { type: 'string' }, name: { type: 'string' }, scopes: { type: 'string' } },
  });
  const parsed = Request.safeParse({
    email: values.email,
    name: values.name,
    scopes: values.scopes?.split(',').map((scope) => scope.trim()),
  });
  if (!parsed.success) throw new UsageError(describe(parsed.error));
  const { email, ...request } = parsed.data;

  await using undo = new AsyncDisposableStack();
  const reached = await reachDatabase(config, (line) => process.stderr.write(`${line}\n`));
  undo.defer(() => reached.release());
  const database = await openDatabase({ url: reached.url });
  undo.defer(() => database.close());
  await migrate(database, reached.url);
  try {
    const key = await createApiKeyFor(database, email, request);
    process.stdout.write(`${key}\n`);
  } catch (error) {
    if (!UserNotFound.is(error)) throw error;
    throw new UsageError(`There is no user with the address ${email}. Sign up in the browser first.`);
  }
}

function describe(error: z.ZodError): string {
  return error.issues.map((issue) => `--${String(issue.path[0] ?? '')}: ${issue.message}`).join('\n');
}
