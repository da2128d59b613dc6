import KeyRound from '@lucide/svelte/icons/key-round';
import Keyboard from '@lucide/svelte/icons/keyboard';
import MessageCircle from '@lucide/svelte/icons/message-circle';
import Palette from '@lucide/svelte/icons/palette';
import Shield from '@lucide/svelte/icons/shield';
import UserRound from '@lucide/svelte/icons/user-round';
import { t } from '../../i18n/i18n.svelte.ts';

export function settingsSections() {
  return [
    { href: '/settings/profile', label: t('shell.account-profile'), icon: UserRound },
    { href: '/settings/appearance', label: t('shell.account-appearance'), icon: Palette },
    { href: '/settings/chat', label: t('shell.account-chat'), icon: MessageCircle },
    { href: '/settings/keys', label: t('shell.account-keys'), icon: KeyRound },
    { href: '/settings/privacy', label: t('shell.account-privacy'), icon: Shield },
    { href: '/settings/shortcuts', label: t('shell.shortcuts'), icon: Keyboard },
  ];
}
