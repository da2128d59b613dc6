import type { Attachment } from 'svelte/attachments';
import { keyNames } from './keys.ts';
import { touch } from './media.ts';
import { place } from './place.ts';

const waitMs = 450;
/** Long enough to move the pointer onto the tooltip. */
const lingerMs = 120;

let bubble: HTMLElement | undefined;
let owner: HTMLElement | undefined;
/** Where the pointer moved last. */
let pointedAt: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a name on hover and keyboard focus. Esc hides it, and the pointer may rest on it. The name must also be the element's accessible name. */
export function tooltip(text: string, keys?: string): Attachment<HTMLElement> {
  return (element) => {
    const show = () => after(waitMs, () => open(element, text, keys));
    const hide = () => after(lingerMs, () => close(element));
    const on = {
      // Not on entering: a button that appears under a pointer at rest is not asked about.
      pointermove: (event: Event) => {
        if (pointedAt === element || (event as PointerEvent).pointerType !== 'mouse') return;
        pointedAt = element;
        show();
      },
      pointerleave: () => {
        if (pointedAt === element) pointedAt = undefined;
        hide();
      },
      focus: () => {
        if (!touch.current && element.matches(':focus-visible')) show();
      },
      blur: () => close(element),
      pointerdown: () => close(element),
      keydown: (event: Event) => {
        if ((event as KeyboardEvent).key !== 'Escape' || owner !== element) return;
        // One press hides the tooltip only, not the dialog below it.
        event.stopPropagation();
        event.preventDefault();
        close(element);
      },
    };
    for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
    return () => {
      close(element);
      for (const [name, listener] of Object.entries(on)) element.removeEventListener(name, listener);
    };
  };
}

function after(ms: number, act: () => void): void {
  clearTimeout(timer);
  timer = setTimeout(act, ms);
}

function open(element: HTMLElement, text: string, keys?: string): void {
  if (!element.isConnected || element.getAttribute('aria-expanded') === 'true') return;
  bubble ??= makeBubble();
  const hint = keys === undefined ? [] : [makeHint(keys)];
  bubble.replaceChildren(document.createTextNode(text), ...hint);
  bubble.hidePopover();
  bubble.showPopover();
  place(bubble, element, { align: 'center', gapPx: 6 });
  owner = element;
}

function close(element: HTMLElement): void {
  clearTimeout(timer);
  if (owner !== element) return;
  bubble?.hidePopover();
  owner = undefined;
}

function makeBubble(): HTMLElement {
  const made = document.createElement('div');
  made.popover = 'manual';
  made.setAttribute('role', 'tooltip');
  made.className = 'bg-text text-bg rounded-sm px-2 py-1 text-xs shadow-float max-w-64';
  made.addEventListener('pointerenter', () => clearTimeout(timer));
  made.addEventListener('pointerleave', () => owner && close(owner));
  document.body.append(made);
  return made;
}

function makeHint(keys: string): HTMLElement {
  const hint = document.createElement('span');
  hint.className = 'ms-2 opacity-75';
  hint.textContent = keyNames(keys).join(' ');
  return hint;
}
