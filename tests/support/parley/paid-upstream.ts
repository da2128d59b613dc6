import { createTestApp, openTiers, type TestUser } from '@parley/core/testing';
import type { PriceCreate } from '@parley/sdk/contract';
import { offerUpstreamModel, upstreamModel } from './upstream-model.ts';

export const paidModel = upstreamModel;
export const pricePerMessage = 1_000_000;

/** People with credits and a model with a price, set as an admin does; by a Parley that is stopped again. */
export async function preparePaidModel(options: {
  databaseUrl: string;
  upstreamUrl: string;
  /** For how many messages each of them has credits, at the flat price. */
  messages: readonly number[];
  /** Absent: the flat one. */
  price?: Partial<Omit<PriceCreate, 'model'>>;
}): Promise<TestUser[]> {
  const parley = await createTestApp({ databaseUrl: options.databaseUrl });
  try {
    await offerUpstreamModel(parley, options.upstreamUrl);
    const people = await Promise.all(options.messages.map(() => parley.users.create()));
    // What is counted here are open turns and the credits below.
    await openTiers(parley.app);
    const admin = parley.http(await parley.users.createAdmin());
    await admin('POST /api/admin/prices', {
      body: { perMessage: pricePerMessage, ...options.price, model: paidModel },
    });
    for (const [at, { id }] of people.entries()) {
      const had = await admin('GET /api/admin/users/:id/credits', { params: { id } });
      const amount = options.messages[at]! * pricePerMessage - had.available;
      const body = { amount, reason: 'test', idempotencyKey: crypto.randomUUID() };
      if (amount !== 0) await admin('POST /api/admin/users/:id/adjustments', { params: { id }, body });
    }
    return people;
  } finally {
    await parley.stop();
  }
}
