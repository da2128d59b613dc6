import ChartColumn from '@lucide/svelte/icons/chart-column';
import MessageCircle from '@lucide/svelte/icons/message-circle';
import Settings from '@lucide/svelte/icons/settings';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import { session } from '../api/session.svelte.ts';
import { t } from '../i18n/i18n.svelte.ts';
import type { Icon as IconComponent } from '../ui/icon.ts';

interface Place {
  href: string;
  /** Addresses that belong to it. */
  prefix: string;
  label: string;
  icon: IconComponent;
}

/** The places everybody has, and those that come with a role. */
export function places(): Place[] {
  const all = [
    { href: '/', prefix: '/chat', label: t('shell.chats'), icon: MessageCircle },
    { href: '/usage', prefix: '/usage', label: t('shell.usage'), icon: ChartColumn },
    { href: '/settings/profile', prefix: '/settings', label: t('shell.settings'), icon: Settings },
  ];
  if (session.isAdmin)
    all.push({ href: '/admin/overview', prefix: '/admin', label: t('shell.admin'), icon: ShieldCheck });
  return all;
}
