import { tick } from 'svelte';

/** After a change of page the focus goes to its heading, so that a screen reader says where one is and Tab starts at the top. */
export async function focusHeading(): Promise<void> {
  const before = document.activeElement;
  await tick();
  // The screen itself may have put the focus where it is wanted, such as in the composer.
  if (document.activeElement !== before && document.activeElement !== document.body) return;
  const heading = document.querySelector<HTMLElement>('main h1');
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
