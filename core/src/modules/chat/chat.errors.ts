import { defineError } from '../../lib/app-error.ts';

/** Also what a stranger gets. */
export const TurnNotFound = defineError('turn.not-found', 404, () => 'There is no such turn.');
export const TraceNotFound = defineError('trace.not-found', 404, () => 'There is no trace of this message.');
export const TurnIdReused = defineError(
  'turn.id-reused',
  // 409 would say that trying again may help; the same body under this id never will.
  422,
  () => 'Something else was sent under this id before. Use a new id for each thing you send.',
);
export const NotAReply = defineError('message.not-a-reply', 409, () => 'Only replies can be written again.');
export const TooManyOpenTurns = defineError(
  'limits.open-turns',
  429,
  (d: { limit: number; open: number }) => `${d.open} replies are being written; ${d.limit} at once are allowed.`,
);
export const TooManyOpenTurnsInConversation = defineError(
  'limits.open-turns-conversation',
  429,
  (d: { limit: number; open: number }) =>
    `${d.open} replies are being written in this conversation; ${d.limit} at once are allowed.`,
);
export const Stopping = defineError(
  'chat.stopping',
  503,
  () => 'The server is about to restart. Try again in a few seconds.',
);

/** Seconds; replies take about as long. */
export const LIMIT_RETRY_S = 5;
