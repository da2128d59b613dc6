import Keyboard from '@lucide/svelte/icons/keyboard';
import Moon from '@lucide/svelte/icons/moon';
import PanelLeft from '@lucide/svelte/icons/panel-left';
import SquarePen from '@lucide/svelte/icons/square-pen';
import Sun from '@lucide/svelte/icons/sun';
import { changeMe } from '../api/me.ts';
import { session } from '../api/session.svelte.ts';
import { t } from '../i18n/i18n.svelte.ts';
import { sentenceOf } from '../i18n/problem-sentence.ts';
import { desktop } from '../ui/media.ts';
import { toasts } from '../ui/toasts.svelte.ts';
import type { Command } from './commands.svelte.ts';
import { goCommands } from './go-commands.ts';
import { go } from './navigation.svelte.ts';
import { shellState } from './shell-state.svelte.ts';

/** What works on every screen of a signed-in person. */
export function generalCommands(): Command[] {
  return [
    {
      id: 'palette',
      label: () => t('shell.open-palette'),
      group: 'action',
      keys: 'Mod+K',
      hidden: true,
      run: () => (shellState.paletteOpen = !shellState.paletteOpen),
    },
    {
      id: 'new-chat',
      label: () => t('shell.new-chat'),
      group: 'action',
      icon: SquarePen,
      keys: 'Mod+Shift+O',
      run: () => void go('/chat/new'),
    },
    {
      id: 'sidebar',
      label: () => t('shell.toggle-sidebar'),
      group: 'action',
      icon: PanelLeft,
      keys: 'Mod+B',
      run: toggleSidebar,
    },
    {
      id: 'shortcuts',
      label: () => t('shell.shortcuts'),
      group: 'action',
      icon: Keyboard,
      keys: 'Mod+/',
      run: () => (shellState.shortcutsOpen = true),
    },
    {
      id: 'theme-light',
      label: () => t('shell.theme-light'),
      group: 'action',
      icon: Sun,
      run: () => void chooseTheme('light'),
    },
    {
      id: 'theme-dark',
      label: () => t('shell.theme-dark'),
      group: 'action',
      icon: Moon,
      run: () => void chooseTheme('dark'),
    },
    ...goCommands(session.isAdmin),
  ];
}

function toggleSidebar(): void {
  if (desktop.current) shellState.collapsed = !shellState.collapsed;
  else shellState.drawerOpen = !shellState.drawerOpen;
}

async function chooseTheme(theme: 'light' | 'dark'): Promise<void> {
  try {
    await changeMe({ theme });
  } catch (error) {
    toasts.show({ text: sentenceOf(error), tone: 'danger' });
  }
}
