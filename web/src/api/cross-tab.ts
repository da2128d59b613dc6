import { session } from './session.svelte.ts';

type Word = { type: 'signed-in'; userId: string } | { type: 'signed-out' };

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('parley.session');

/** Tells the other tabs of this browser; the socket tells other devices. */
export function tellTabs(word: Word): void {
  channel?.postMessage(word);
}

channel?.addEventListener('message', ({ data }: MessageEvent<Word>) => {
  if (data.type === 'signed-out') session.leave();
  // The cookie changed under this tab. The same person goes on where the session ended; to another one nothing on the
  // screen belongs.
  else if (session.user?.id === data.userId) session.enter(session.user);
  else location.reload();
});
