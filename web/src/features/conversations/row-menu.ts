import Archive from '@lucide/svelte/icons/archive';
import ArchiveRestore from '@lucide/svelte/icons/archive-restore';
import Pencil from '@lucide/svelte/icons/pencil';
import Pin from '@lucide/svelte/icons/pin';
import PinOff from '@lucide/svelte/icons/pin-off';
import Trash2 from '@lucide/svelte/icons/trash-2';
import type { Conversation } from '@parley/sdk/contract';
import { t } from '../../i18n/i18n.svelte.ts';
import type { MenuEntry } from '../../ui/menu-items.ts';
import type { SidebarState } from './sidebar.svelte.ts';

export function rowMenu(sidebar: SidebarState, conversation: Conversation): MenuEntry[] {
  const { pinned, archived } = conversation;
  return [
    { label: t('conversations.rename'), icon: Pencil, run: () => (sidebar.renaming = conversation.id) },
    {
      label: t(pinned ? 'conversations.unpin' : 'conversations.pin'),
      icon: pinned ? PinOff : Pin,
      run: () => void sidebar.acts.pin(conversation),
    },
    {
      label: t(archived ? 'conversations.unarchive' : 'conversations.archive'),
      icon: archived ? ArchiveRestore : Archive,
      run: () => void sidebar.archive([conversation]),
    },
    'separator',
    {
      label: t('conversations.delete'),
      icon: Trash2,
      danger: true,
      run: () => void sidebar.delete([conversation]),
    },
  ];
}
