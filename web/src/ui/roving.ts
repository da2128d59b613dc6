import type { Attachment } from 'svelte/attachments';

export interface RovingOptions {
  /** The elements that take part, in document order. */
  selector: string;
  orientation?: 'vertical' | 'horizontal' | 'both';
  /** Letters jump to the next item whose text begins with them. */
  typeahead?: boolean;
}

/**
 * One tab stop for a group: arrows, Home and End move the focus inside. The current item has tabindex 0, the others -1.
 * Menus, tabs, toolbars and lists use this one helper.
 */
export function roving(options: RovingOptions): Attachment<HTMLElement> {
  return (root) => {
    const items = () =>
      [...root.querySelectorAll<HTMLElement>(options.selector)].filter((item) => !item.hasAttribute('disabled'));
    const typed = typeahead();

    function settle(current?: HTMLElement): void {
      const all = items();
      const chosen =
        current ??
        all.find((item) => item.tabIndex === 0 && item.getAttribute('tabindex') === '0') ??
        all.find((item) => item.matches('[aria-selected=true],[aria-checked=true],[aria-current]')) ??
        all[0];
      for (const item of all) item.tabIndex = item === chosen ? 0 : -1;
    }

    function onKeydown(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const all = items();
      const at = all.findIndex((item) => item.contains(event.target as Node));
      if (at < 0) return;
      const next = all[target(event, at, all)];
      if (!next) return;
      event.preventDefault();
      event.stopPropagation();
      next.focus();
    }

    function target(event: KeyboardEvent, at: number, all: HTMLElement[]): number {
      const step = stepOf(event.key, options.orientation ?? 'vertical', getComputedStyle(root).direction === 'rtl');
      if (step !== 0) return (at + step + all.length) % all.length;
      if (event.key === 'Home') return 0;
      if (event.key === 'End') return all.length - 1;
      if (!options.typeahead || event.key.length !== 1 || event.key === ' ') return -1;
      return typed(event.key, at, all);
    }

    const onFocusin = (event: FocusEvent) => {
      const item = items().find((candidate) => candidate.contains(event.target as Node));
      if (item) settle(item);
    };
    settle();
    const observer = new MutationObserver(() => settle());
    observer.observe(root, { childList: true, subtree: true });
    root.addEventListener('keydown', onKeydown);
    root.addEventListener('focusin', onFocusin);
    return () => {
      observer.disconnect();
      root.removeEventListener('keydown', onKeydown);
      root.removeEventListener('focusin', onFocusin);
    };
  };
}

function stepOf(key: string, orientation: 'vertical' | 'horizontal' | 'both', rtl: boolean): number {
  if (orientation !== 'horizontal') {
    if (key === 'ArrowDown') return 1;
    if (key === 'ArrowUp') return -1;
  }
  if (orientation !== 'vertical') {
    if (key === 'ArrowRight') return rtl ? -1 : 1;
    if (key === 'ArrowLeft') return rtl ? 1 : -1;
  }
  return 0;
}

/** Letters typed within half a second of each other make one word. */
function typeahead(): (key: string, at: number, all: HTMLElement[]) => number {
  let word = '';
  let last = 0;
  return (key, at, all) => {
    const now = performance.now();
    word = now - last > 500 ? key.toLowerCase() : word + key.toLowerCase();
    last = now;
    const from = word.length === 1 ? at + 1 : at;
    for (let i = 0; i < all.length; i++) {
      const index = (from + i) % all.length;
      if (all[index]?.textContent.trim().toLowerCase().startsWith(word)) return index;
    }
    return -1;
  };
}
