import Settings from '@lucide/svelte/icons/settings';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import { t, type PlainKey } from '../i18n/i18n.svelte.ts';
import type { Command } from './commands.svelte.ts';
import { go } from './navigation.svelte.ts';

const settings: readonly [path: string, label: PlainKey][] = [
  ['/settings/profile', 'account.profile'],
  ['/settings/appearance', 'account.appearance'],
  ['/settings/chat', 'account.chat'],
  ['/settings/keys', 'account.keys'],
  ['/settings/privacy', 'account.privacy'],
  ['/settings/shortcuts', 'account.shortcuts'],
];
const admin: readonly [path: string, label: PlainKey][] = [
  ['/admin/providers', 'admin.providers'],
  ['/admin/plugins', 'admin.plugins'],
  ['/admin/hooks', 'admin.hooks'],
  ['/admin/invitations', 'admin.invitations'],
  ['/admin/system', 'admin.system'],
];

/** One line in the palette for each place. */
export function goCommands(isAdmin: boolean): Command[] {
  const make = (area: PlainKey, icon: Command['icon']) => (place: readonly [string, PlainKey]) => ({
    id: place[0],
    label: () => `${t(area)}: ${t(place[1])}`,
    group: 'go' as const,
    icon,
    run: () => void go(place[0]),
  });
  return [
    ...settings.map(make('shell.settings', Settings)),
    ...(isAdmin ? admin.map(make('shell.admin', ShieldCheck)) : []),
  ];
}
