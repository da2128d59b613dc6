/** Parts of the window that F6 goes round, in document order: `data-region` on the element. */
export function nextRegion(backwards: boolean): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((region) =>
    region.checkVisibility(),
  );
  if (regions.length === 0) return;
  const at = regions.findLastIndex((region) => region.contains(document.activeElement));
  const step = backwards ? -1 : 1;
  for (let tried = 1; tried <= regions.length; tried++) {
    const region = regions[(at + step * tried + regions.length * 2) % regions.length];
    if (region && focusInto(region)) return;
  }
}

const focusable =
  'a[href],button:not(:disabled),input:not(:disabled),textarea:not(:disabled),select:not(:disabled),[tabindex="0"]';

function focusInto(region: HTMLElement): boolean {
  const target = region.matches(focusable) ? region : region.querySelector<HTMLElement>(focusable);
  target?.focus();
  return target !== null && region.contains(document.activeElement);
}
