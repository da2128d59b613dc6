import Copy from '@lucide/svelte/icons/copy';
import Pencil from '@lucide/svelte/icons/pencil';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import Waypoints from '@lucide/svelte/icons/waypoints';
import type { Message } from '@parley/sdk/contract';
import { t } from '../../../i18n/i18n.svelte.ts';
import type { MenuEntry } from '../../../ui/menu-items.ts';
import { models } from '../../../api/models.svelte.ts';
import type { MessageActs } from './message-acts.ts';

/** Everything that can be done with a message. `touch`: also what has a button of its own elsewhere. */
export function messageMenu(message: Message, acts: MessageActs, touch: boolean): MenuEntry[] {
  const isReply = message.role === 'assistant';
  const entries: MenuEntry[] = [];
  if (touch) entries.push({ label: t('chat.copy'), icon: Copy, run: acts.copy });
  if (acts.mayChange && (touch || isReply))
    entries.push({ label: t('chat.edit'), icon: Pencil, keys: 'E', run: acts.edit });
  if (isReply && acts.mayChange) {
    if (touch) entries.push({ label: t('chat.regenerate'), icon: RefreshCw, run: () => acts.regenerate() });
    for (const model of (models.list ?? []).filter(({ id }) => id !== message.model).slice(0, 8)) {
      const label = t('chat.regenerate-with', { model: model.name });
      entries.push({ label, icon: RefreshCw, run: () => acts.regenerate(model.id) });
    }
  }
  if (isReply && message.turnId !== null) entries.push({ label: t('chat.trace'), icon: Waypoints, run: acts.trace });
  return entries;
}
