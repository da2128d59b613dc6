let region: HTMLElement | undefined;

/** Says something to screen readers without showing it. */
export function announce(text: string): void {
  if ('ariaNotify' in document && typeof document.ariaNotify === 'function') {
    document.ariaNotify(text);
    return;
  }
  if (!region) {
    region = document.createElement('div');
    region.setAttribute('role', 'status');
    region.className = 'sr-only';
    document.body.append(region);
  }
  // The same words twice are only spoken twice when the node changes.
  region.replaceChildren(document.createTextNode(text));
}
