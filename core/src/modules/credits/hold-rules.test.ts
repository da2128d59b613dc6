import { expect, test } from 'vitest';
import { type Funds, HoldTally, refusalOf, type WantedHold } from './hold-rules.ts';

const funds = (fields: Partial<Funds> = {}): Funds => ({
  available: 100n,
  dayCap: null,
  conversationCap: null,
  spentToday: 0n,
  spentInConversation: 0n,
  ...fields,
});
const wanted = (amount: bigint, userId = 'a', conversationId: string | null = 'c') => ({
  userId,
  conversationId,
  amount,
});
/** One after another; who is not refused takes his. */
function codes(holds: readonly WantedHold[], each: Funds | null): (string | null)[] {
  const tally = new HoldTally();
  return holds.map((hold) => {
    const refusal = tally.refusalOf(hold, each);
    if (refusal === null) tally.take(hold);
    return refusal?.code ?? null;
  });
}

test('what is available can be spent to the last micro-credit, and not one more', () => {
  expect(refusalOf(100n, funds())).toBeNull();
  expect(refusalOf(101n, funds())).toMatchObject({
    code: 'credits.insufficient',
    status: 402,
    data: { needed: 101, left: 100 },
  });
});

test("a person's own caps count what was charged and what is locked", () => {
  expect(refusalOf(10n, funds({ dayCap: 50n, spentToday: 40n }))).toBeNull();
  expect(refusalOf(11n, funds({ dayCap: 50n, spentToday: 40n }))).toMatchObject({
    code: 'credits.day-cap',
    data: { needed: 11, left: 10 },
  });
  expect(refusalOf(1n, funds({ conversationCap: 5n, spentInConversation: 9n }))).toMatchObject({
    code: 'credits.conversation-cap',
    data: { left: 0 },
  });
});

test('of several at once each has what those before it left, and a refused one takes nothing', () => {
  const all = [wanted(60n), wanted(50n), wanted(40n), wanted(100n, 'b')];
  expect(codes(all, funds())).toEqual([null, 'credits.insufficient', null, null]);
});

test('several at once share the caps of their day and of their conversation', () => {
  const day = funds({ dayCap: 50n });
  expect(codes([wanted(30n), wanted(30n), wanted(20n)], day)).toEqual([null, 'credits.day-cap', null]);
  const chat = funds({ conversationCap: 30n });
  const holds = [wanted(30n), wanted(1n), wanted(1n, 'a', 'other')];
  expect(codes(holds, chat)).toEqual([null, 'credits.conversation-cap', null]);
});

test('somebody without an account has nothing', () => {
  expect(codes([wanted(1n)], null)).toEqual(['credits.insufficient']);
});
