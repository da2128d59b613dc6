import type X from '@lucide/svelte/icons/x';

/** A drawing from `@lucide/svelte/icons/…`; import each by its own path, the barrel slows the build fourfold. */
export type Icon = typeof X;
