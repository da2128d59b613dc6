import { defineError } from '../../lib/app-error.ts';

export const ContextTooLong = defineError(
  'context.too-long',
  422,
  (d: { tokens: number; limit: number; part: 'message' | 'system-prompt' }) =>
    d.part === 'message'
      ? `The message has about ${d.tokens} tokens and the model takes ${d.limit}. Shorten the message.`
      : `The system prompt leaves no room for a message (the model takes ${d.limit} tokens). Shorten the system prompt.`,
);
