/** jsdom knows no layout, no top layer and no media queries; components ask for all three. */
export function addMissingBrowserParts(): void {
  globalThis.matchMedia ??= (media: string) =>
    Object.assign(new EventTarget(), {
      media,
      matches: false,
      onchange: null,
      addListener: () => undefined,
      removeListener: () => undefined,
    });
  globalThis.ResizeObserver ??= class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  };
  Element.prototype.scrollIntoView ??= () => undefined;
  Element.prototype.animate ??= () =>
    Object.assign(new EventTarget(), { finished: Promise.resolve(), cancel: () => undefined }) as unknown as Animation;

  const dialog = HTMLDialogElement.prototype;
  dialog.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
    this.querySelector<HTMLElement>('[autofocus],input,button,[tabindex="0"]')?.focus();
  };
  dialog.close ??= function (this: HTMLDialogElement) {
    if (!this.open) return;
    this.open = false;
    this.dispatchEvent(new Event('close'));
  };

  const element = HTMLElement.prototype;
  element.showPopover ??= function (this: HTMLElement) {
    if (this.hasAttribute('data-open')) return;
    this.dispatchEvent(toggling('beforetoggle', 'open'));
    this.setAttribute('data-open', '');
    // jsdom's own style sheet hides popovers, and what is hidden takes no focus.
    this.style.display = 'block';
    this.dispatchEvent(toggling('toggle', 'open'));
  };
  element.hidePopover ??= function (this: HTMLElement) {
    if (!this.hasAttribute('data-open')) return;
    this.removeAttribute('data-open');
    this.dispatchEvent(toggling('beforetoggle', 'closed'));
    this.style.display = '';
    this.dispatchEvent(toggling('toggle', 'closed'));
  };
}

function toggling(name: 'beforetoggle' | 'toggle', newState: 'open' | 'closed'): Event {
  return Object.assign(new Event(name), { newState });
}
