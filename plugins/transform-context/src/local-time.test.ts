import { expect, test } from 'vitest';
import { localTime } from './local-time.ts';

test.each([
  ['2026-11-21T03:04:00Z', 'UTC', 'Saturday, 21 November 2026', '03:04', 'UTC'],
  ['2026-11-21T03:04:00Z', 'America/New_York', 'Friday, 20 November 2026', '22:04', 'America/New_York'],
  ['2026-11-21T18:04:00Z', 'Asia/Shanghai', 'Sunday, 22 November 2026', '02:04', 'Asia/Shanghai'],
  ['2026-07-01T22:00:00Z', 'Europe/Berlin', 'Thursday, 2 July 2026', '00:00', 'Europe/Berlin'],
  ['2026-11-21T03:04:00Z', 'Moon/Tranquillity', 'Saturday, 21 November 2026', '03:04', 'UTC'],
])('%s in %s is %s, %s', (now, zone, date, time, shown) => {
  expect(localTime(now, zone)).toEqual({ date, time, zone: shown });
});
