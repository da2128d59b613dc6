import KeyRound from '@lucide/svelte/icons/key-round';
import Keyboard from '@lucide/svelte/icons/keyboard';
import MessageCircle from '@lucide/svelte/icons/message-circle';
import Palette from '@lucide/svelte/icons/palette';
import Shield from '@lucide/svelte/icons/shield';
import UserRound from '@lucide/svelte/icons/user-round';
import { t } from '../../i18n/i18n.svelte.ts';

export function settingsSections() {
  return [
    { href: '/settings/profile', label: t('account.profile'), icon: UserRound },
    { href: '/settings/appearance', label: t('account.appearance'), icon: Palette },
    { href: '/settings/chat', label: t('account.chat'), icon: MessageCircle },
    { href: '/settings/keys', label: t('account.keys'), icon: KeyRound },
    { href: '/settings/privacy', label: t('account.privacy'), icon: Shield },
    { href: '/settings/shortcuts', label: t('account.shortcuts'), icon: Keyboard },
  ];
}
