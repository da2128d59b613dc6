import type { ServerResponse } from 'node:http';

/**
 * Acts when nobody waits for this answer any more; at once if that is so already, for a response says `close` only once. Returns the
 * undo.
 */
export function whenGone(response: ServerResponse, act: () => void): () => void {
  if (response.destroyed) act();
  else response.once('close', act);
  return () => void response.off('close', act);
}
