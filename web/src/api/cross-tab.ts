import { session } from './session.svelte.ts';

type Word = { type: 'signed-in' } | { type: 'signed-out' };

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('parley.session');

/** Tells the other tabs of this browser; the socket tells other devices. */
export function tellTabs(word: Word): void {
  channel?.postMessage(word);
}

channel?.addEventListener('message', ({ data }: MessageEvent<Word>) => {
  if (data.type === 'signed-out') session.leave();
  // The cookie changed under this tab, maybe to another person: what is on the screen is not theirs.
  else location.reload();
});
