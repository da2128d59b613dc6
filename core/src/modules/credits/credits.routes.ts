import type { AdjustRequest, Balance } from '@parley/sdk/contract';
import type { z } from 'zod';
import { type ApiRoute, apiRoute } from '../../http/api-route.ts';
import { lastMidnight } from '../../lib/local-day.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { Person, Profiles } from '../accounts/index.ts';
import type { BalancesService } from './balances.service.ts';
import type { Books } from './books.job.ts';
import type { CodesService } from './codes.service.ts';
import type { CreditsAudit } from './credits-audit.ts';
import { withNames } from './credits.presenter.ts';
import type { PricesService } from './prices.service.ts';
import type { TransfersService } from './transfers.service.ts';
import type { TurnReceiptsService } from './turn-receipts.service.ts';

export interface CreditsRoutesDeps {
  balances: BalancesService;
  transfers: TransfersService;
  receipts: TurnReceiptsService;
  codes: CodesService;
  prices: PricesService;
  books: Books;
  audit: CreditsAudit;
  profiles: Profiles;
  people(ids: readonly string[]): Promise<ReadonlyMap<string, Person>>;
  clock: Clock;
}

type Booking = z.output<typeof AdjustRequest>;

export function creditsRoutes(deps: CreditsRoutesDeps): ApiRoute[] {
  const { balances, transfers, receipts, codes, prices, books, audit } = deps;
  const balanceOf = async (userId: string) => {
    const { timeZone } = await deps.profiles.get(userId);
    return balances.get(userId, lastMidnight(deps.clock.now(), timeZone));
  };
  async function book(kind: 'grant' | 'adjust', actorId: string, userId: string, booking: Booking): Promise<Balance> {
    // Asked first: nobody's account is opened for an id that is nobody's.
    await deps.profiles.get(userId);
    const { amount, reason, idempotencyKey } = booking;
    await transfers.book(
      { userId, kind, amount: BigInt(amount), reason, actorId, idempotencyKey: `${kind}:${userId}:${idempotencyKey}` },
      (client) => audit.balanceMoved(client, actorId, userId, kind, booking),
    );
    return balanceOf(userId);
  }

  return [
    apiRoute('GET /api/credits', { scope: 'read' }, ({ caller }) => balanceOf(caller.userId)),
    apiRoute('PATCH /api/credits/caps', {}, async ({ caller, body }) => {
      await balances.setCaps(caller.userId, body);
      return balanceOf(caller.userId);
    }),
    apiRoute('GET /api/credits/ledger', { scope: 'read' }, ({ caller, query }) =>
      transfers.list({ ...query, userId: caller.userId }),
    ),
    apiRoute('POST /api/credits/redeem', { limit: 'credits.redeem' }, async ({ caller, body }) => ({
      amount: await codes.redeem(caller.userId, body.code),
      balance: await balanceOf(caller.userId),
    })),
    apiRoute('GET /api/prices', { scope: 'read' }, async () => prices.current()),
    apiRoute('GET /api/turns/:id/receipt', { scope: 'read' }, ({ caller, params }) =>
      receipts.get(caller.userId, params.id),
    ),
    apiRoute('GET /api/admin/prices', {}, () => prices.list()),
    apiRoute('POST /api/admin/prices', {}, ({ caller, body }) =>
      prices.set(body, caller.userId, (client, id) => audit.priceSet(client, caller.userId, id, body)),
    ),
    apiRoute('DELETE /api/admin/prices/:id', {}, async ({ caller, params }) => {
      await prices.withdraw(params.id, (client, model) =>
        audit.priceWithdrawn(client, caller.userId, params.id, model),
      );
      return undefined;
    }),
    apiRoute('GET /api/admin/users/:id/credits', {}, ({ params }) => balanceOf(params.id)),
    apiRoute('POST /api/admin/users/:id/grants', {}, ({ caller, params, body }) =>
      book('grant', caller.userId, params.id, body),
    ),
    apiRoute('POST /api/admin/users/:id/adjustments', {}, ({ caller, params, body }) =>
      book('adjust', caller.userId, params.id, body),
    ),
    apiRoute('POST /api/admin/turns/:id/refund', {}, ({ caller, params, body }) =>
      receipts.refund(
        params.id,
        {
          amount: body.amount === undefined ? null : BigInt(body.amount),
          reason: body.reason,
          actorId: caller.userId,
          idempotencyKey: body.idempotencyKey,
        },
        (client, userId, amount) =>
          audit.balanceMoved(client, caller.userId, userId, 'refund', {
            amount: Number(amount),
            reason: body.reason,
            turnId: params.id,
          }),
      ),
    ),
    apiRoute('GET /api/admin/ledger', {}, async ({ query }) => {
      const { items, nextCursor } = await transfers.list(query);
      const ids = items.flatMap(({ userId, actorId }) => [userId, ...(actorId === null ? [] : [actorId])]);
      const people = await deps.people([...new Set(ids)]);
      return { items: items.map((transfer) => withNames(transfer, people)), nextCursor };
    }),
    apiRoute('GET /api/admin/codes', {}, ({ query }) => codes.list(query)),
    apiRoute('POST /api/admin/codes', {}, async ({ caller, body }) => ({
      codes: await codes.make(body, caller.userId, (client) => audit.codesMade(client, caller.userId, body)),
    })),
    apiRoute('POST /api/admin/codes/:id/revoke', {}, ({ caller, params }) =>
      codes.revoke(params.id, (client) => audit.codeRevoked(client, caller.userId, params.id)),
    ),
    apiRoute('GET /api/admin/books', {}, () => books.last()),
    apiRoute('POST /api/admin/books/check', {}, () => books.check()),
  ];
}
