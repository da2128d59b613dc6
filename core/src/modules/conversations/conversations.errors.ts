import { defineError } from '../../lib/app-error.ts';

/** Also what a stranger gets: whether something exists is the owner's to know. */
export const ConversationNotFound = defineError('conversation.not-found', 404, () => 'There is no such conversation.');
/** Only its owner hears this, who may have it back until the purge. */
export const ConversationDeleted = defineError('conversation.deleted', 404, () => 'This conversation was deleted.');
export const MessageNotFound = defineError('message.not-found', 404, () => 'There is no such message.');
export const MessageStillWriting = defineError(
  'message.still-writing',
  409,
  () => 'This message is still being written.',
);
export const OnOtherBranch = defineError(
  'message.other-branch',
  409,
  () => 'This message is not on the active path. Make it the active message first.',
);
export const CursorInvalid = defineError('cursor.invalid', 400, () => 'This cursor was not made by the server.');
