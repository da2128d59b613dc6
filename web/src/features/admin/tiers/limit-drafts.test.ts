// @vitest-environment node
import type { LimitFields } from '@parley/sdk/contract';
import { describe, expect, test } from 'vitest';
import { draftOf, limitIn, limitsIn } from './limit-drafts.ts';

const limits: LimitFields = {
  requestsPerMinute: 20,
  requestsPerDay: 500,
  tokensPerDay: null,
  openTurnsPerUser: 15,
  openTurnsPerConversation: 5,
  contextTokens: null,
  attachmentsPerMessage: 4,
  attachmentBytes: 12_500_000,
  allowedModels: ['demo/demo', 'acme/*'],
};

test('limits are shown so that they are read back', () => {
  expect(limitsIn(draftOf(limits))).toEqual({ limits, unreadable: [] });
  const open = { ...limits, allowedModels: null };
  expect(limitsIn(draftOf(open)).limits).toEqual(open);
});

describe('what is typed', () => {
  const draft = draftOf(limits);

  test('may be nothing where a limit may have no end, and only there', () => {
    const texts = { ...draft.texts, requestsPerMinute: '', requestsPerDay: ' ' };
    expect(limitsIn({ ...draft, texts })).toMatchObject({
      limits: { requestsPerDay: null },
      unreadable: ['requestsPerMinute'],
    });
  });

  test('is in megabytes where it is about sizes', () => {
    expect(limitIn({ ...draft, texts: { ...draft.texts, attachmentBytes: '20' } }, 'attachmentBytes')).toBe(20_000_000);
    expect(limitIn({ ...draft, texts: { ...draft.texts, attachmentBytes: '0.5' } }, 'attachmentBytes')).toBe(500_000);
  });

  test('names each model once', () => {
    expect(limitIn({ ...draft, models: ' a/one \n\nb/*, a/one' }, 'allowedModels')).toEqual(['a/one', 'b/*']);
  });
});
