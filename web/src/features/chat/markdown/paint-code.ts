import type { HighlightRange } from './highlight-ranges.ts';

/** Writes code into an element as text nodes and coloured spans. */
export function paintCode(element: HTMLElement, code: string, ranges: readonly HighlightRange[]): void {
  const parts = document.createDocumentFragment();
  let at = 0;
  for (const [start, end, scope] of ranges) {
    if (start > at) parts.append(code.slice(at, start));
    const span = document.createElement('span');
    span.className = scope;
    span.textContent = code.slice(start, end);
    parts.append(span);
    at = end;
  }
  if (at < code.length) parts.append(code.slice(at));
  element.replaceChildren(parts);
}
