// @vitest-environment node
import type { Transfer } from '@parley/sdk/contract';
import { describe, expect, test } from 'vitest';
import { ledgerLines } from './ledger-lines.ts';

let next = 1000;
function transfer(kind: Transfer['kind'], amount: number, more: Partial<Transfer> = {}): Transfer {
  const ends = {
    grant: ['granted', 'available'],
    hold: ['available', 'held'],
    capture: ['held', 'revenue'],
    release: ['held', 'available'],
    refund: ['revenue', 'available'],
    adjust: ['available', 'granted'],
  } as const;
  const [from, to] = ends[kind];
  const base = { userId: 'u', turnId: null, actorId: null, reason: null, createdAt: '2026-11-21T10:00:00.000Z' };
  return { id: String(next--), kind, from, to, amount, ...base, ...more };
}
const ofTurn = { turnId: 't1' };

describe('the ledger of somebody', () => {
  test('tells a reply in one line: what it cost, not how it was locked and released', () => {
    const lines = ledgerLines(
      [transfer('release', 8, ofTurn), transfer('capture', 24, ofTurn), transfer('hold', 32, ofTurn)],
      true,
    );
    expect(lines).toMatchObject([{ kind: 'reply', change: -24, locked: 0, turnId: 't1' }]);
  });

  test('tells what is locked for a reply that is being written', () => {
    expect(ledgerLines([transfer('hold', 32, ofTurn)], true)).toMatchObject([{ change: 0, locked: 32 }]);
  });

  test('keeps a refund apart from its reply, with its reason', () => {
    const lines = ledgerLines(
      [
        transfer('refund', 24, { ...ofTurn, reason: 'It was cut off' }),
        transfer('capture', 24, ofTurn),
        transfer('hold', 24, ofTurn),
      ],
      true,
    );
    expect(lines).toMatchObject([
      { kind: 'refund', change: 24, reason: 'It was cut off' },
      { kind: 'reply', change: -24 },
    ]);
  });

  test('tells corrections in both directions', () => {
    const lines = ledgerLines(
      [transfer('adjust', 5), transfer('adjust', 7, { from: 'granted', to: 'available' }), transfer('grant', 100)],
      true,
    );
    expect(lines.map(({ change }) => change)).toEqual([-5, 7, 100]);
  });

  test('waits with a reply until its beginning is loaded', () => {
    const loaded = [transfer('grant', 1), transfer('release', 8, ofTurn)];
    expect(ledgerLines(loaded, false)).toMatchObject([{ kind: 'grant' }]);
    const more = [...loaded, transfer('capture', 24, ofTurn), transfer('hold', 32, ofTurn)];
    expect(ledgerLines(more, true)).toMatchObject([{ kind: 'grant' }, { kind: 'reply', change: -24 }]);
  });
});
