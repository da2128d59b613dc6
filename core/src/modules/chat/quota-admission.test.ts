import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../ports/database/database.ts';
import { inTransaction } from '../../ports/database/transaction.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import type { QuotaRefusal, QuotaUse } from '../limits/index.ts';
import { recordQuota, takeQuota } from '../limits/testing/count-quota.ts';
import { withAdmissionLock } from './admission.ts';

const undo = new AsyncDisposableStack();
/** Of two instances. */
let databases: Database[];
beforeAll(async () => {
  const url = await createMigratedDatabase(undo);
  databases = await Promise.all([1, 2].map(() => openDatabase({ url, poolSize: 6 })));
  for (const database of databases) undo.defer(() => database.close());
});
afterAll(() => undo.disposeAsync());

const DAYS = ['2026-11-21', '2026-11-22'];
const MODELS = ['a/one', 'b/two'];

/** One transaction: of an admission that takes several, or of turns that end. */
interface Command {
  kind: 'take' | 'record';
  instance: number;
  items: { user: number; day: number; model: number; tokens: number }[];
}
const command: fc.Arbitrary<Command> = fc.record({
  kind: fc.constantFrom('take' as const, 'take' as const, 'record' as const),
  instance: fc.nat(1),
  items: fc.array(
    fc.record({ user: fc.nat(2), day: fc.nat(1), model: fc.nat(1), tokens: fc.integer({ min: 0, max: 60 }) }),
    { minLength: 1, maxLength: 8 },
  ),
});
const limit = fc.option(fc.integer({ min: 0, max: 12 }));
const limits = fc.array(
  fc.record({ requestsPerDay: limit, tokensPerDay: fc.option(fc.integer({ min: 0, max: 300 })) }),
  {
    minLength: 3,
    maxLength: 3,
  },
);
type Limits = { requestsPerDay: number | null; tokensPerDay: number | null }[];

function useOf(users: string[], most: Limits, { user, day, model }: Command['items'][number]): QuotaUse {
  return { userId: users[user]!, day: DAYS[day]!, model: MODELS[model]!, plugin: 'p', ...most[user]! };
}
/** Answers of a take, in the order of its items; null for the end of turns. */
async function run(users: string[], most: Limits, { kind, instance, items }: Command) {
  const { pool } = databases[instance]!;
  const uses = items.map((item) => useOf(users, most, item));
  if (kind === 'take') {
    return withAdmissionLock(
      pool,
      uses.map(({ userId }) => userId),
      (client) => takeQuota(client, uses),
    );
  }
  const used = uses.map((use, at) => ({ ...use, inputTokens: items[at]!.tokens, outputTokens: 1, chargedMicro: 1n }));
  await inTransaction(pool, (client) => recordQuota(client, used));
  return null;
}
async function stored(userId: string, day: string) {
  const { rows } = await databases[0]!.pool.query<{ requests: string; tokens: string }>(
    `select coalesce(sum(requests), 0) as requests, coalesce(sum(input_tokens + output_tokens), 0) as tokens
       from usage_day where user_id = $1 and day = $2`,
    [userId, day],
  );
  return { requests: Number(rows[0]!.requests), tokens: Number(rows[0]!.tokens) };
}
const newUsers = () => [randomUUID(), randomUUID(), randomUUID()];

test('one after another, batches are judged as a plain count would', async () => {
  await fc.assert(
    fc.asyncProperty(limits, fc.array(command, { maxLength: 12 }), async (most, commands) => {
      const users = newUsers();
      const counts = new Map<string, { requests: number; tokens: number }>();
      const countOf = (user: number, day: number) => {
        const key = `${user} ${day}`;
        const count = counts.get(key) ?? { requests: 0, tokens: 0 };
        counts.set(key, count);
        return count;
      };
      for (const one of commands) {
        const answers = await run(users, most, one);
        const expected = one.items.map(({ user, day, tokens }): QuotaRefusal | null => {
          const count = countOf(user, day);
          const { requestsPerDay, tokensPerDay } = most[user]!;
          if (one.kind === 'record') {
            count.tokens += tokens + 1;
            return null;
          }
          if (tokensPerDay !== null && count.tokens >= tokensPerDay) {
            return { spent: 'tokens', limit: tokensPerDay, used: count.tokens };
          }
          if (requestsPerDay !== null && count.requests >= requestsPerDay) {
            return { spent: 'requests', limit: requestsPerDay, used: count.requests };
          }
          count.requests++;
          return null;
        });
        expect(answers).toEqual(one.kind === 'take' ? expected : null);
      }
      for (const [key, count] of counts) {
        const [user, day] = key.split(' ').map(Number);
        expect(await stored(users[user!]!, DAYS[day!]!)).toEqual(count);
      }
    }),
    { numRuns: 60 },
  );
});

test('all at once on two instances, no day holds more requests than its quota, and none is refused without need', async () => {
  await fc.assert(
    fc.asyncProperty(limits, fc.array(command, { minLength: 8, maxLength: 30 }), async (given, commands) => {
      const users = newUsers();
      // Tokens are what is written meanwhile; here the requests are what is judged.
      const byRequests = given.map(({ requestsPerDay }) => ({ requestsPerDay, tokensPerDay: null }));
      const answers = await Promise.all(commands.map((one) => run(users, byRequests, one)));
      for (const [user, userId] of users.entries()) {
        for (const [day, name] of DAYS.entries()) {
          const verdicts = commands.flatMap(({ items }, index) =>
            items.flatMap((item, at) => (item.user === user && item.day === day ? [answers[index]?.[at]] : [])),
          );
          const taken = verdicts.filter((verdict) => verdict === null).length;
          const refused = verdicts.some((verdict) => verdict != null);
          const { requests, tokens } = await stored(userId, name);
          const most = byRequests[user]!.requestsPerDay ?? Infinity;
          expect(requests).toBe(taken);
          expect(tokens).toBe(recordedTokens(commands, user, day));
          expect(requests).toBeLessThanOrEqual(most);
          expect(refused ? requests : most).toBe(most);
        }
      }
    }),
    { numRuns: 40 },
  );
});

function recordedTokens(commands: readonly Command[], user: number, day: number): number {
  return commands
    .filter(({ kind }) => kind === 'record')
    .flatMap(({ items }) => items)
    .filter((item) => item.user === user && item.day === day)
    .reduce((sum, { tokens }) => sum + tokens + 1, 0);
}

test('a thousand at once for ten places get exactly ten', async () => {
  const [userId] = newUsers() as [string];
  const use: QuotaUse = { userId, day: DAYS[0]!, model: 'a/one', plugin: 'p', requestsPerDay: 10, tokensPerDay: null };
  // As many at once as there are connections: waiting longer for one than the pool allows would say nothing of quotas.
  const lane = async (index: number) => {
    const answers: (QuotaRefusal | null)[] = [];
    for (let count = 0; count < 100; count++) {
      const { pool } = databases[index % 2]!;
      answers.push(...(await withAdmissionLock(pool, [userId], (client) => takeQuota(client, [use]))));
    }
    return answers;
  };
  const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => lane(index)));
  expect(answers.flat().filter((answer) => answer === null)).toHaveLength(10);
  expect(await stored(userId, DAYS[0]!)).toMatchObject({ requests: 10 });
});
