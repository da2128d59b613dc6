// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { listRows } from './list-rows.ts';
import { rowWindow } from './row-window.ts';
import { makeConversation } from './testing/make-conversation.ts';

const now = new Date(2026, 10, 21, 12, 0);
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000).toISOString();

describe('the groups of the list', () => {
  it('are Pinned, Today, This week and Older, and only those that have members', () => {
    const rows = listRows(
      [
        makeConversation({ id: 'now', lastActiveAt: hoursAgo(1) }),
        makeConversation({ id: 'old-but-pinned', lastActiveAt: hoursAgo(5000), pinned: true }),
        makeConversation({ id: 'yesterday', lastActiveAt: hoursAgo(24) }),
        makeConversation({ id: 'months', lastActiveAt: hoursAgo(2000) }),
      ],
      now,
    );
    expect(rows.map(({ key }) => key)).toEqual([
      'group:pinned',
      'old-but-pinned',
      'group:today',
      'now',
      'group:week',
      'yesterday',
      'group:older',
      'months',
    ]);
  });

  it('begin a new day at midnight here, not 24 hours ago', () => {
    const [group] = listRows([makeConversation({ id: 'late', lastActiveAt: hoursAgo(12.5) })], now);
    expect(group?.key).toBe('group:week');
  });
});

describe('the window on the list', () => {
  const heights = Array.from({ length: 1000 }, (_, index) => (index % 50 === 0 ? 32 : 36));
  const total = heights.reduce((sum, height) => sum + height, 0);

  it.each([0, 1, 500, 17_000, 35_500, 999_999])('draws few rows and keeps the whole height at %i px', (scrollTop) => {
    const { from, to, before, after } = rowWindow(heights, scrollTop, 700);
    const drawn = heights.slice(from, to).reduce((sum, height) => sum + height, 0);
    expect(to - from).toBeLessThan(50);
    expect(before + drawn + after).toBe(total);
  });

  it('draws everything of a short list', () => {
    expect(rowWindow([32, 36, 36], 0, 700)).toEqual({ from: 0, to: 3, before: 0, after: 0 });
    expect(rowWindow([], 0, 700)).toEqual({ from: 0, to: 0, before: 0, after: 0 });
  });
});
