import type { Dictionary } from './types.ts';

/** The sentence for each problem code; a code without one falls back to what the server said. */
export const errors = {
  network: 'Parley could not be reached. Check your connection and try again.',
  'unexpected-answer': 'The server gave an answer that makes no sense here. Try again in a moment.',
  internal: 'Something went wrong on the server. It has been noted; try again in a moment.',
  unknown: 'That did not work. Try again in a moment.',
  'retry-in': 'Try again in {seconds} s.',
} as const satisfies Dictionary;

/** Why a field was refused, by the code of its problem. */
export const fields = {
  required: 'This is needed.',
  'too-short': { one: 'At least {count} character is needed.', other: 'At least {count} characters are needed.' },
  'too-long': { one: 'At most {count} character fits.', other: 'At most {count} characters fit.' },
  'too-small': 'The smallest value is {limit}.',
  'too-large': 'The largest value is {limit}.',
  'not-number': 'A number is needed.',
  'not-whole': 'A whole number is needed.',
  'not-email': 'This does not look like an e-mail address.',
  'not-uri': 'This does not look like a web address. It should start with https:// or http://.',
  'not-choice': 'Choose one of the values offered.',
  'wrong-form': 'This does not have the expected form.',
  'too-few': { one: 'At least {count} entry is needed.', other: 'At least {count} entries are needed.' },
  'too-many': { one: 'At most {count} entry fits.', other: 'At most {count} entries fit.' },
} as const satisfies Dictionary;
