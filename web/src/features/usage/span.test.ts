// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { daysBack, everyDay } from './span.ts';

describe('the last days', () => {
  test('end today, and are as many as they are called', () => {
    const now = Date.parse('2026-03-02T12:00:00Z');
    expect(daysBack('7', 'UTC', now)).toEqual({ from: '2026-02-24', to: '2026-03-02' });
    expect(daysBack('30', 'UTC', now)).toEqual({ from: '2026-02-01', to: '2026-03-02' });
  });

  test('are those of the own calendar, where it may be tomorrow already', () => {
    const now = Date.parse('2026-03-02T22:30:00Z');
    expect(daysBack('7', 'Asia/Shanghai', now).to).toBe('2026-03-03');
    expect(daysBack('7', 'America/Lima', now).to).toBe('2026-03-02');
  });
});

test('days without use are there too, over the end of a month and a change of clocks', () => {
  const figures = { requests: 2, inputTokens: 10, outputTokens: 5, charged: 1_000_000 };
  const days = everyDay({
    from: '2026-03-27',
    to: '2026-04-01',
    total: figures,
    byDay: [{ day: '2026-03-30', ...figures }],
    byModel: [],
    byPlugin: [],
  });
  expect(days.map(({ day, requests }) => [day, requests])).toEqual([
    ['2026-03-27', 0],
    ['2026-03-28', 0],
    ['2026-03-29', 0],
    ['2026-03-30', 2],
    ['2026-03-31', 0],
    ['2026-04-01', 0],
  ]);
});
