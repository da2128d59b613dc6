export interface Placement {
  side?: 'bottom' | 'top';
  align?: 'start' | 'center' | 'end';
  gapPx?: number;
}

const edgePx = 8;

/** Puts a floating element beside its anchor, flips when there is no room, stays inside the window. */
export function place(floating: HTMLElement, anchor: Element, placement: Placement = {}): void {
  const at = anchor.getBoundingClientRect();
  const own = { width: floating.offsetWidth, height: floating.offsetHeight };
  const gap = placement.gapPx ?? 4;
  const below = innerHeight - at.bottom - gap - edgePx;
  const above = at.top - gap - edgePx;
  const wantsTop = placement.side === 'top';
  const onTop = wantsTop ? above >= own.height || above > below : below < own.height && above > below;

  const rtl = getComputedStyle(anchor).direction === 'rtl';
  const align = placement.align ?? 'start';
  const startsLeft = (align === 'start') !== rtl;
  const left = align === 'center' ? at.left + (at.width - own.width) / 2 : startsLeft ? at.left : at.right - own.width;

  const style = floating.style;
  style.position = 'fixed';
  style.inset = 'auto';
  style.maxHeight = `${Math.max(120, onTop ? above : below)}px`;
  style.left = `${clamp(left, edgePx, innerWidth - own.width - edgePx)}px`;
  if (onTop) style.bottom = `${innerHeight - at.top + gap}px`;
  else style.top = `${at.bottom + gap}px`;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
