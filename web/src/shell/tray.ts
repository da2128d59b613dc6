import { getContext, setContext, type Snippet } from 'svelte';

const key = Symbol('tray');

/** What stands in the top bar of every screen, given by those who know features; a bar outside the shell has none. */
export function setTray(tray: () => Snippet): void {
  setContext(key, tray);
}
export function getTray(): (() => Snippet) | undefined {
  return getContext<(() => Snippet) | undefined>(key);
}
