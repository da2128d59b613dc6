import type { PlainKey } from '../i18n/i18n.svelte.ts';

interface KeyLine {
  label: PlainKey;
  /** Any of these. */
  keys: readonly string[];
}

/** What the shortcuts list shows; the commands themselves stand with their screens. */
export const keyMap: readonly { title: PlainKey; lines: readonly KeyLine[] }[] = [
  {
    title: 'shell.key-general',
    lines: [
      { label: 'shell.open-palette', keys: ['Mod+K'] },
      { label: 'shell.new-chat', keys: ['Mod+Shift+O'] },
      { label: 'shell.toggle-sidebar', keys: ['Mod+B'] },
      { label: 'shell.panel', keys: ['Mod+.'] },
      { label: 'shell.key-find', keys: ['Mod+F'] },
      { label: 'shell.shortcuts', keys: ['Mod+/'] },
      { label: 'shell.next-region', keys: ['F6'] },
      { label: 'shell.key-close', keys: ['Esc'] },
    ],
  },
  {
    title: 'shell.key-composer',
    lines: [
      { label: 'shell.key-send', keys: ['Enter'] },
      { label: 'shell.key-newline', keys: ['Shift+Enter'] },
      { label: 'shell.key-edit-last', keys: ['ArrowUp'] },
    ],
  },
  {
    title: 'shell.key-log',
    lines: [
      { label: 'shell.key-messages', keys: ['ArrowUp', 'ArrowDown', 'K', 'J'] },
      { label: 'shell.key-latest', keys: ['End'] },
      { label: 'shell.key-copy', keys: ['C'] },
      { label: 'shell.key-edit', keys: ['E'] },
      { label: 'shell.key-again', keys: ['R'] },
      { label: 'shell.key-versions', keys: ['Alt+ArrowLeft', 'Alt+ArrowRight'] },
    ],
  },
];
