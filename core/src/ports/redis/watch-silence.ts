import type { Redis } from 'ioredis';

const LOOK_EVERY_MS = 500;
/** In looks rather than in time: a process that stood still itself hears the answer before its next look. */
const SILENT_LOOKS = 3;

/**
 * Cuts a connection that owes an answer: to a Redis that is frozen, or behind a network that tells nobody of its loss. Asks by itself,
 * so that this is known before somebody needs it. Returns the undo.
 */
export function watchSilence(client: Redis): () => void {
  let looks = 0;
  let isAsked = false;

  const timer = setInterval(() => {
    const isWaiting = isAsked || client.status === 'connecting' || client.status === 'connect';
    looks = isWaiting ? looks + 1 : 0;
    if (looks >= SILENT_LOOKS) {
      looks = 0;
      client.disconnect(true);
    } else if (!isAsked && client.status === 'ready') {
      isAsked = true;
      client.ping().then(answered, answered);
    }
  }, LOOK_EVERY_MS);
  timer.unref();

  /** Or lost with its connection, which is told by itself. */
  function answered(): void {
    isAsked = false;
    looks = 0;
  }
  return () => clearInterval(timer);
}
