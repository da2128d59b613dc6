import PanelRight from '@lucide/svelte/icons/panel-right';
import Search from '@lucide/svelte/icons/search';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import { t } from '../../../i18n/i18n.svelte.ts';
import { commands, type Command } from '../../../shell/commands.svelte.ts';
import type { ChatScreenState } from './chat-screen.svelte.ts';

/** `/` goes to the composer, unless it is being typed somewhere. */
export function slashToComposer(event: KeyboardEvent): void {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const { target } = event;
  if (target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))) return;
  if (document.querySelector('dialog[open]') !== null) return;
  event.preventDefault();
  document.getElementById('composer')?.focus();
}

/** What the palette and the keyboard offer while a chat is on the screen. */
export function chatCommands(chat: ChatScreenState): () => void {
  const list: Command[] = [
    {
      id: 'chat.stop',
      label: () => t('chat.stop'),
      group: 'action',
      keys: 'Escape',
      hidden: true,
      run: () => chat.escape(),
    },
  ];
  // Pressed again, the key is the browser's own.
  if (chat.store !== null && !chat.findOpen) {
    list.push({
      id: 'chat.find',
      label: () => t('shell.key-find'),
      group: 'action',
      icon: Search,
      keys: 'Mod+F',
      run: () => (chat.findOpen = true),
    });
  }
  if (chat.store !== null) {
    list.push(
      {
        id: 'chat.panel',
        label: () => t('shell.panel'),
        group: 'action',
        icon: PanelRight,
        keys: 'Mod+.',
        run: () => chat.togglePanel(),
      },
      {
        id: 'chat.settings',
        label: () => t('chat.settings'),
        group: 'action',
        icon: SlidersHorizontal,
        run: () => (chat.settingsOpen = true),
      },
    );
  }
  return commands.add(...list);
}
