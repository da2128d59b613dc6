import type { Context } from 'koa';
import type { MountedFront } from '../../http/mounted-front.ts';
import { MethodNotAllowed, NotFound } from '../../http/http-errors.ts';
import { type Limiter, limitRequest } from '../../http/middleware/rate-limit.ts';
import { readRawBody } from '../../http/read-body.ts';
import { requestState } from '../../http/request-state.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { PaymentProvider } from '../../ports/payments/payment-provider.ts';
import { EventUnusable } from '../../ports/payments/payments.errors.ts';
import { type Profiles, UserNotFound } from '../accounts/index.ts';
import type { TransfersService } from './transfers.service.ts';

export interface PaymentsFrontDeps {
  /** Null: credits are not sold here. */
  provider: PaymentProvider | null;
  transfers: TransfersService;
  profiles: Profiles;
  limiter: Limiter;
  clock: Clock;
}

const PREFIX = '/api/payments';
const BODY_LIMIT_BYTES = 262_144;

/** Where payment providers call. Not in the contract: they speak their own language, and it is the bytes that are signed. */
export function paymentsFront(deps: PaymentsFrontDeps): Record<typeof PREFIX, MountedFront> {
  const { provider, transfers } = deps;

  async function serve(ctx: Context): Promise<void> {
    requestState(ctx).route = PREFIX;
    if (provider === null || ctx.path !== `${PREFIX}/${provider.name}`) throw NotFound();
    if (ctx.method !== 'POST') throw MethodNotAllowed({ allow: 'POST' });
    await limitRequest(ctx, deps.limiter, 'payments.webhook', `ip:${requestState(ctx).address}`);
    const topUp = provider.read(await readRawBody(ctx.req, BODY_LIMIT_BYTES), ctx.req.headers, deps.clock.now());
    if (topUp !== null) {
      await expectUser(topUp.userId);
      await transfers.book({
        userId: topUp.userId,
        kind: 'grant',
        amount: topUp.amount,
        reason: `top-up: ${provider.name}`,
        actorId: null,
        // Told again, under whatever event, it is the same payment.
        idempotencyKey: `payment:${provider.name}:${topUp.paymentId}`,
      });
    }
    ctx.status = 204;
  }

  async function expectUser(userId: string): Promise<void> {
    try {
      await deps.profiles.get(userId);
    } catch (error) {
      throw UserNotFound.is(error) ? EventUnusable({ reason: 'nobody here has this client_reference_id' }) : error;
    }
  }

  return { [PREFIX]: { errors: (_ctx, next) => next(), serve } };
}
