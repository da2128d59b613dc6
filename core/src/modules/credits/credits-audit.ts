import type { CodesCreate, PriceCreate } from '@parley/sdk/contract';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import type { Audit } from '../audit/index.ts';

/** What admins do with money, put on record in the transaction that does it. */
export class CreditsAudit {
  readonly #audit: Audit;

  constructor(audit: Audit) {
    this.#audit = audit;
  }

  priceSet(client: PoolClient, actorId: string, id: string, price: z.output<typeof PriceCreate>): Promise<void> {
    const data = { name: price.model, ...price };
    return this.#audit.record(client, { actorId, action: 'price.set', targetType: 'price', targetId: id, data });
  }

  priceWithdrawn(client: PoolClient, actorId: string, id: string, model: string): Promise<void> {
    const data = { name: model };
    return this.#audit.record(client, { actorId, action: 'price.withdrawn', targetType: 'price', targetId: id, data });
  }

  balanceMoved(
    client: PoolClient,
    actorId: string,
    userId: string,
    kind: 'grant' | 'adjust' | 'refund',
    { reason, amount, turnId }: { reason: string; amount: number; turnId?: string },
  ): Promise<void> {
    return this.#audit.record(client, {
      actorId,
      action: `credits.${kind}`,
      targetType: 'user',
      targetId: userId,
      reason,
      data: { amount, ...(turnId === undefined ? {} : { turnId }) },
    });
  }

  /** Of the codes themselves nothing: whoever knows one can redeem it. */
  codesMade(client: PoolClient, actorId: string, made: z.output<typeof CodesCreate>): Promise<void> {
    const data = { name: made.batch, ...made };
    return this.#audit.record(client, {
      actorId,
      action: 'code.made',
      targetType: 'code-batch',
      targetId: made.batch,
      data,
    });
  }

  codeRevoked(client: PoolClient, actorId: string, id: string): Promise<void> {
    return this.#audit.record(client, { actorId, action: 'code.revoked', targetType: 'code', targetId: id });
  }
}
