import type { AdminOverview } from '@parley/sdk/contract';
import { formatCredits } from '../../../i18n/format-credits.ts';
import { formatMilliseconds, formatNumber } from '../../../i18n/format.ts';
import { t } from '../../../i18n/i18n.svelte.ts';

export interface Tile {
  label: string;
  value: string;
  /** Of which time, and of how much. */
  of: string;
  tone: 'plain' | 'warning' | 'danger';
  /** Where the things that were counted stand. */
  href?: string;
}

/** From here on somebody should look. */
const SLOW_P95_MS = 500;
const MANY_ERRORS = 0.01;
const MANY_FAILED = 0.1;

export function tilesOf({ online, openTurns, lately, hour }: AdminOverview): Tile[] {
  const minutes = lately.windowSeconds / 60;
  const errorShare = lately.requests === 0 ? null : lately.errors / lately.requests;
  const failedShare = lately.turns === 0 ? null : lately.failedTurns / lately.turns;
  return [
    {
      label: t('overview.online'),
      value: formatNumber(online.users),
      of: t('overview.online-sockets', { count: online.sockets, seconds: online.withinSeconds }),
      tone: 'plain',
      href: '/admin/users',
    },
    {
      label: t('overview.open-turns'),
      value: formatNumber(openTurns.running),
      of: t('overview.open-turns-queued', { count: openTurns.queued }),
      tone: 'plain',
    },
    {
      label: t('overview.failed-turns'),
      value: share(failedShare),
      of: t('overview.failed-turns-of', { count: lately.turns, minutes }),
      tone: (failedShare ?? 0) > MANY_FAILED ? 'danger' : 'plain',
    },
    {
      label: t('overview.p95'),
      value: lately.p95Ms === null ? t('overview.none') : formatMilliseconds(Math.round(lately.p95Ms)),
      of:
        lately.p95Ms === null
          ? t('overview.p95-none', { minutes })
          : t('overview.p95-of', { count: lately.requests, minutes }),
      tone: (lately.p95Ms ?? 0) > SLOW_P95_MS ? 'warning' : 'plain',
    },
    {
      label: t('overview.errors'),
      value: share(errorShare),
      of: t('overview.errors-of', { count: lately.errors, minutes }),
      tone: (errorShare ?? 0) > MANY_ERRORS ? 'danger' : 'plain',
    },
    {
      label: t('overview.credits'),
      value: formatCredits(hour.charged),
      of: t('overview.credits-of', { minutes: hour.windowSeconds / 60 }),
      tone: 'plain',
    },
  ];
}

function share(value: number | null): string {
  return value === null ? t('overview.none') : formatNumber(value, { style: 'percent', maximumFractionDigits: 1 });
}
