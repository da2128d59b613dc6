import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { localDay, nextMidnight } from './local-day.ts';

const at = (iso: string) => Date.parse(iso);

test('a day is that of the calendar on the wall', () => {
  expect(localDay(at('2026-11-21T23:30:00Z'), 'UTC')).toBe('2026-11-21');
  expect(localDay(at('2026-11-21T23:30:00Z'), 'Asia/Shanghai')).toBe('2026-11-22');
  expect(localDay(at('2026-11-21T03:00:00Z'), 'America/New_York')).toBe('2026-11-20');
  expect(localDay(at('2026-01-05T12:00:00Z'), 'Asia/Kathmandu')).toBe('2026-01-05');
});

test('a zone that nobody knows counts as UTC', () => {
  expect(localDay(at('2026-11-21T23:30:00Z'), 'Mars/Olympus')).toBe('2026-11-21');
  expect(nextMidnight(at('2026-11-21T23:30:00Z'), 'Mars/Olympus')).toEqual(new Date('2026-11-22T00:00:00Z'));
});

test('the next midnight is the one on the wall', () => {
  expect(nextMidnight(at('2026-11-21T23:30:00Z'), 'Asia/Shanghai')).toEqual(new Date('2026-11-22T16:00:00Z'));
  expect(nextMidnight(at('2026-11-21T18:14:59.999Z'), 'Asia/Kathmandu')).toEqual(new Date('2026-11-21T18:15:00Z'));
  expect(nextMidnight(at('2026-11-21T18:15:00Z'), 'Asia/Kathmandu')).toEqual(new Date('2026-11-22T18:15:00Z'));
});

test('days in which clocks are changed are as long as they are', () => {
  const hours = (iso: string, zone: string) => (nextMidnight(at(iso), zone).getTime() - at(iso)) / 3_600_000;
  expect(hours('2026-03-28T23:00:00Z', 'Europe/Berlin')).toBe(23);
  expect(hours('2026-10-24T22:00:00Z', 'Europe/Berlin')).toBe(25);
  expect(hours('2026-04-04T13:00:00Z', 'Australia/Lord_Howe')).toBe(24.5);
});

test('a day that begins at one, because clocks were changed at midnight, begins then', () => {
  // Clocks in Cairo went from 23:59:59 to 01:00 on 26 April 2024.
  expect(nextMidnight(at('2024-04-25T12:00:00Z'), 'Africa/Cairo')).toEqual(new Date('2024-04-25T22:00:00Z'));
});

test('a day that a zone skipped is passed over', () => {
  // Samoa had no 30 December 2011.
  const next = nextMidnight(at('2011-12-30T00:00:00Z'), 'Pacific/Apia');
  expect(localDay(next.getTime(), 'Pacific/Apia')).toBe('2011-12-31');
});

test('in every zone the moment before the next midnight is still today, and that midnight is not', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
      fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') }),
      (zone, nowMs) => {
        const next = nextMidnight(nowMs, zone).getTime();
        expect(next).toBeGreaterThan(nowMs);
        expect(localDay(next - 1, zone)).toBe(localDay(nowMs, zone));
        expect(localDay(next, zone) > localDay(nowMs, zone)).toBe(true);
      },
    ),
  );
});
