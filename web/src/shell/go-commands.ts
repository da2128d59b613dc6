import ChartColumn from '@lucide/svelte/icons/chart-column';
import Settings from '@lucide/svelte/icons/settings';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import { t, type PlainKey } from '../i18n/i18n.svelte.ts';
import type { Command } from './commands.svelte.ts';
import { go } from './navigation.svelte.ts';

const settings: readonly [path: string, label: PlainKey][] = [
  ['/settings/profile', 'shell.account-profile'],
  ['/settings/appearance', 'shell.account-appearance'],
  ['/settings/chat', 'shell.account-chat'],
  ['/settings/keys', 'shell.account-keys'],
  ['/settings/privacy', 'shell.account-privacy'],
  ['/settings/shortcuts', 'shell.shortcuts'],
];
const admin: readonly [path: string, label: PlainKey][] = [
  ['/admin/overview', 'shell.admin-overview'],
  ['/admin/users', 'shell.admin-users'],
  ['/admin/tiers', 'shell.admin-tiers'],
  ['/admin/credits', 'shell.admin-credits'],
  ['/admin/providers', 'shell.admin-providers'],
  ['/admin/plugins', 'shell.admin-plugins'],
  ['/admin/hooks', 'shell.admin-hooks'],
  ['/admin/invitations', 'shell.admin-invitations'],
  ['/admin/audit', 'shell.admin-audit'],
  ['/admin/system', 'shell.admin-system'],
];

/** One line in the palette for each place. */
export function goCommands(isAdmin: boolean): Command[] {
  const make = (area: PlainKey, icon: Command['icon']) => (place: readonly [string, PlainKey]) => ({
    id: place[0],
    label: () => t('shell.place-in', { area: t(area), place: t(place[1]) }),
    group: 'go' as const,
    icon,
    run: () => void go(place[0]),
  });
  return [
    { id: '/usage', label: () => t('shell.usage'), group: 'go', icon: ChartColumn, run: () => void go('/usage') },
    ...settings.map(make('shell.settings', Settings)),
    ...(isAdmin ? admin.map(make('shell.admin', ShieldCheck)) : []),
  ];
}
