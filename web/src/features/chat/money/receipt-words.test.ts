import type { Receipt } from '@parley/sdk/contract';
import { describe, expect, it } from 'vitest';
import { costLine, spokenCost, stoppedLine } from './receipt-words.ts';

const receipt: Receipt = {
  state: 'charged',
  estimate: 2_000_000,
  held: 3_200_000,
  charged: 2_400_000,
  released: 800_000,
  refunded: 0,
  priceId: 'price',
  countedBy: 'provider',
};
const released: Receipt = { ...receipt, state: 'released', charged: 0, released: 3_200_000 };
const usage = { input: 40, output: 812, countedBy: 'provider' as const };

describe('what a reply has cost', () => {
  it.each([
    ['was charged', receipt, '2.4 credits, 812 tokens, 6.1 s'],
    ['was charged and given back', { ...receipt, refunded: 2_400_000 }, '2.4 credits, of which 2.4 refunded'],
    ['cost nothing', released, 'Nothing charged, 3.2 refunded'],
    ['is not settled yet', { ...receipt, state: 'held' as const }, 'Finalising cost'],
  ])('is said of one that %s', (_, given, words) => {
    expect(costLine({ usage, durationMs: 6_100 }, given)).toBe(words);
  });

  it('is said of one that was stopped', () => {
    const stopped = { ...receipt, charged: 1_100_000, released: 2_100_000 };
    expect(stoppedLine({ ...usage, output: 212 }, stopped)).toBe(
      'Stopped. 212 tokens, 1.1 credits charged, 2.1 refunded.',
    );
    expect(stoppedLine(null, released)).toBe('Stopped. Nothing charged, 3.2 refunded.');
    expect(stoppedLine(usage, null)).toBe('Stopped. 812 tokens.');
    expect(stoppedLine(null, null)).toBe('Stopped.');
  });

  it('is told to those who listen, of paid replies alone', () => {
    expect([receipt, released, null].map(spokenCost)).toEqual(['2.4 credits', 'Nothing charged, 3.2 refunded', '']);
  });
});
