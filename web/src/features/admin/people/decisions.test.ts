import type { AdminUserDetail } from '@parley/sdk/contract';
import { expect, test } from 'vitest';
import { needsReason, possibleDecisions } from './decisions.ts';

const person = (fields: Partial<AdminUserDetail> = {}): AdminUserDetail => ({
  id: 'p',
  email: 'mira@example.com',
  nickname: 'Mira',
  role: 'user',
  tier: { id: 'free', name: 'Free' },
  createdAt: '2026-11-21T00:00:00Z',
  lastSeenAt: null,
  suspendedAt: null,
  suspensionReason: null,
  language: 'en',
  timeZone: 'UTC',
  sessions: 0,
  apiKeys: 0,
  ...fields,
});

test('what can be decided about somebody is what would change something', () => {
  expect(possibleDecisions(person(), 'me')).toEqual(['promote', 'suspend']);
  expect(possibleDecisions(person({ sessions: 2, role: 'admin' }), 'me')).toEqual(['sign-out', 'demote', 'suspend']);
  expect(possibleDecisions(person({ suspendedAt: '2026-11-21T00:00:00Z' }), 'me')).toEqual(['promote', 'unsuspend']);
});

test('nobody decides about himself', () => {
  expect(possibleDecisions(person({ id: 'me', sessions: 2 }), 'me')).toEqual([]);
});

test('barring somebody needs a reason, and so does taking it back', () => {
  expect((['suspend', 'unsuspend', 'sign-out', 'promote', 'demote'] as const).filter(needsReason)).toEqual([
    'suspend',
    'unsuspend',
  ]);
});
