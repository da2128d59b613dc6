import { mount, unmount } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import { t } from '../../../i18n/i18n.svelte.ts';
import CodeBlock from './CodeBlock.svelte';

/** What the HTML of a finished block can't say by itself: code inside lists gets its tools, wide tables the keyboard. */
export function enhanceBlock(): Attachment<HTMLElement> {
  return (root) => {
    const mounted = [...root.querySelectorAll<HTMLElement>('pre')].map((pre) => {
      const code = pre.textContent.replace(/\n$/, '');
      const language = /language-(\S+)/.exec(pre.firstElementChild?.className ?? '')?.[1] ?? '';
      const holder = document.createElement('div');
      pre.replaceWith(holder);
      return mount(CodeBlock, { target: holder, props: { language, code } });
    });
    for (const table of root.querySelectorAll<HTMLElement>('.table-scroll')) {
      table.tabIndex = 0;
      table.role = 'group';
      table.ariaLabel = t('chat.table');
    }
    return () => {
      for (const component of mounted) void unmount(component);
    };
  };
}
