import { createHmac, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { stripePayments } from './stripe.ts';

const secret = 'whsec_test_secret';
const stripe = stripePayments(secret);
const userId = randomUUID();
const nowMs = 1_700_000_000_000;

function sign(body: string, at = nowMs, key = secret): string {
  const timestamp = Math.floor(at / 1000);
  return `t=${timestamp},v1=${createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex')}`;
}
function checkout(fields: object = {}, type = 'checkout.session.completed'): string {
  const session = {
    id: 'cs_test_1',
    object: 'checkout.session',
    payment_status: 'paid',
    client_reference_id: userId,
    metadata: { parley_credits: '500' },
    ...fields,
  };
  return JSON.stringify({ id: 'evt_1', object: 'event', type, data: { object: session } });
}
const read = (body: string, signature: string) =>
  stripe.read(Buffer.from(body), { 'stripe-signature': signature }, nowMs);

test('a signature that another tool has made is accepted', () => {
  // printf '12345.<body>' | openssl dgst -sha256 -hmac whsec_test_secret
  const body = '{\n  "id": "evt_test_webhook",\n  "object": "event"\n}';
  const signature = 't=12345,v1=2672d138c9a412830f3bfe2ecc5bfb3277cf6f5b49d0119d77dd6cb64da1257e';
  const call = (header: string) => () => stripe.read(Buffer.from(body), { 'stripe-signature': header }, 12_345_000);
  // Past the signature it is found out that this event says nothing.
  expect(call(signature)).toThrow('its body is not an event');
  expect(call(signature.replace('v1=26', 'v1=27'))).toThrow('no signature fits');
});

test('a paid checkout is a top-up for the buyer', () => {
  const expected = { paymentId: 'cs_test_1', userId, amount: 500_000_000n };
  expect(read(checkout(), sign(checkout()))).toEqual(expected);
  const later = checkout({}, 'checkout.session.async_payment_succeeded');
  expect(read(later, sign(later))).toEqual(expected);
});

test('what has not been paid yet, and other events, book nothing', () => {
  for (const body of [checkout({ payment_status: 'unpaid' }), checkout({}, 'invoice.paid')]) {
    expect(read(body, sign(body))).toBeNull();
  }
});

test('one of several signatures is enough, while a secret is exchanged', () => {
  const [timestamp, good] = sign(checkout()).split(',');
  expect(read(checkout(), `${timestamp},v1=${'0'.repeat(64)},${good},v0=1`)).not.toBeNull();
});

test.each([
  ['no header', ''],
  ['no time', sign(checkout()).split(',')[1]!],
  ['no signature', 't=1700000000'],
  ['another secret', sign(checkout(), nowMs, 'whsec_other')],
  ['half a signature', sign(checkout()).slice(0, -10)],
  ['another body', sign(checkout({ id: 'cs_2' }))],
  ['a recorded call', sign(checkout(), nowMs - 301_000)],
  ['a call from the future', sign(checkout(), nowMs + 301_000)],
])('%s is refused', (_, header) => {
  expect(() => read(checkout(), header)).toThrow(expect.objectContaining({ code: 'payments.signature-invalid' }));
});

test.each([
  ['no buyer', { client_reference_id: null }],
  ['no credits', { metadata: {} }],
  ['credits that are no whole number', { metadata: { parley_credits: '1.5' } }],
  ['negative credits', { metadata: { parley_credits: '-5' } }],
])('a checkout with %s says what is wrong with it', (_, fields) => {
  const body = checkout(fields);
  expect(() => read(body, sign(body))).toThrow(expect.objectContaining({ code: 'payments.event-unusable' }));
});
