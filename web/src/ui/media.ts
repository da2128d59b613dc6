import { MediaQuery } from 'svelte/reactivity';

/** Phones: choices open as sheets. */
export const phone = new MediaQuery('(max-width: 639.98px)');
/** From here the sidebar stands beside the content. */
export const desktop = new MediaQuery('(min-width: 1024px)');
/** Fingers: no hover, Enter is a new line. */
export const touch = new MediaQuery('(pointer: coarse)');

export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
