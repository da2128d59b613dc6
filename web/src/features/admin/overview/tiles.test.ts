import type { AdminOverview } from '@parley/sdk/contract';
import { beforeAll, expect, test } from 'vitest';
import { loadAllWords, loadLanguage } from '../../../i18n/i18n.svelte.ts';
import { tilesOf } from './tiles.ts';

const overview = (lately: Partial<AdminOverview['lately']> = {}): AdminOverview => ({
  at: '2026-11-21T00:00:00Z',
  online: { users: 2, sockets: 3, withinSeconds: 10 },
  openTurns: { queued: 1, running: 4 },
  lately: { windowSeconds: 300, requests: 0, errors: 0, p95Ms: null, turns: 0, failedTurns: 0, ...lately },
  hour: { windowSeconds: 3600, inputTokens: 0, outputTokens: 0, charged: 2_400_000, minutes: [] },
  providers: [],
  instances: [],
  degraded: false,
});
beforeAll(async () => {
  await loadLanguage('en');
  await loadAllWords();
});

test('every number says the time it is of', () => {
  expect(tilesOf(overview({ requests: 1_200, errors: 3, p95Ms: 43.7 })).map(({ value, of }) => [value, of])).toEqual([
    ['2', '3 connections, as of the last 10 s'],
    ['4', '1 more is waiting, now'],
    ['–', 'of 0 that ended in the last 5 min'],
    ['44 ms', 'of 1,200 requests in the last 5 min'],
    ['0.3%', '3 answers with 5xx in the last 5 min'],
    ['2.4', 'for replies that ended in the last 60 min'],
  ]);
});

test('nothing has no share, and much that is wrong is shown as wrong', () => {
  expect(tilesOf(overview()).map(({ tone }) => tone)).toEqual(['plain', 'plain', 'plain', 'plain', 'plain', 'plain']);
  const bad = tilesOf(overview({ requests: 100, errors: 2, p95Ms: 900, turns: 10, failedTurns: 2 }));
  expect(bad.map(({ tone }) => tone)).toEqual(['plain', 'plain', 'danger', 'warning', 'danger', 'plain']);
});
