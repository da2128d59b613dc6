import Boxes from '@lucide/svelte/icons/boxes';
import Coins from '@lucide/svelte/icons/coins';
import Gauge from '@lucide/svelte/icons/gauge';
import Layers from '@lucide/svelte/icons/layers';
import ListOrdered from '@lucide/svelte/icons/list-ordered';
import Puzzle from '@lucide/svelte/icons/puzzle';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Settings from '@lucide/svelte/icons/settings-2';
import UserPlus from '@lucide/svelte/icons/user-plus';
import Users from '@lucide/svelte/icons/users';
import { t } from '../../i18n/i18n.svelte.ts';

export function adminSections() {
  return [
    { href: '/admin/overview', label: t('shell.admin-overview'), icon: Gauge },
    { href: '/admin/users', label: t('shell.admin-users'), icon: Users },
    { href: '/admin/tiers', label: t('shell.admin-tiers'), icon: Layers },
    { href: '/admin/credits', label: t('shell.admin-credits'), icon: Coins },
    { href: '/admin/providers', label: t('shell.admin-providers'), icon: Boxes },
    { href: '/admin/plugins', label: t('shell.admin-plugins'), icon: Puzzle },
    { href: '/admin/hooks', label: t('shell.admin-hooks'), icon: ListOrdered },
    { href: '/admin/invitations', label: t('shell.admin-invitations'), icon: UserPlus },
    { href: '/admin/audit', label: t('shell.admin-audit'), icon: ScrollText },
    { href: '/admin/system', label: t('shell.admin-system'), icon: Settings },
  ];
}
