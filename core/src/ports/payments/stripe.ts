import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { PaymentProvider, TopUp } from './payment-provider.ts';
import { EventUnusable, SignatureInvalid } from './payments.errors.ts';

/** As Stripe's own libraries: an older call may be one that somebody recorded. */
const TOLERANCE_MS = 300_000;
const MICRO_PER_CREDIT = 1_000_000n;

/** Of a checkout that was paid, or whose payment came in later. */
const paidEvents = new Set(['checkout.session.completed', 'checkout.session.async_payment_succeeded']);

const Event = z.object({ type: z.string(), data: z.object({ object: z.unknown() }) });
const Session = z.object({
  id: z.string().min(1).max(200),
  payment_status: z.string(),
  client_reference_id: z.uuid(),
  /** Whole credits; set on the payment link or the checkout by whoever sells them. */
  metadata: z.object({ parley_credits: z.string().regex(/^[1-9]\d{0,8}$/) }),
});

/**
 * Stripe's checkout webhook. Signatures as its documentation says (Webhooks, "Verify signatures manually"): HMAC-SHA256
 * over `timestamp.body` under the endpoint's secret, in hex, under `v1` of the header `Stripe-Signature`.
 */
export function stripePayments(secret: string): PaymentProvider {
  return {
    name: 'stripe',
    read(body, headers, nowMs) {
      verify(secret, body, String(headers['stripe-signature'] ?? ''), nowMs);
      const event = Event.safeParse(parseJson(body));
      if (!event.success) throw EventUnusable({ reason: 'its body is not an event' });
      return paidEvents.has(event.data.type) ? topUpOf(event.data.data.object) : null;
    },
  };
}

function verify(secret: string, body: Buffer, header: string, nowMs: number): void {
  const fields = header.split(',').map((field) => field.split('=', 2).map((part) => part.trim()));
  const timestamp = fields.find(([name]) => name === 't')?.[1] ?? '';
  // While a secret is exchanged there are several signatures; any of them will do.
  const given = fields.flatMap(([name, value]) => (name === 'v1' ? (value ?? '') : []));
  if (!/^\d{1,12}$/.test(timestamp) || given.length === 0) {
    throw SignatureInvalid({ reason: 'the header Stripe-Signature is missing or broken' });
  }
  const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
  const isSigned = given.some((signature) => {
    const bytes = Buffer.from(signature, 'hex');
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
  if (!isSigned) throw SignatureInvalid({ reason: 'no signature fits the body and the secret of this endpoint' });
  if (Math.abs(nowMs - Number(timestamp) * 1000) > TOLERANCE_MS) {
    throw SignatureInvalid({ reason: 'it was signed too long ago, or the clocks differ' });
  }
}

/** Null: not paid yet; another event will tell when it is. */
function topUpOf(object: unknown): TopUp | null {
  const session = Session.safeParse(object);
  if (!session.success) {
    const paths = session.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw EventUnusable({ reason: `these fields of the checkout are missing or unusable: ${paths}` });
  }
  const { id, payment_status: status, client_reference_id: userId, metadata } = session.data;
  if (status === 'unpaid') return null;
  return { paymentId: id, userId, amount: BigInt(metadata.parley_credits) * MICRO_PER_CREDIT };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
