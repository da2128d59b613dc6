import type { Dictionary } from '../i18n/types.ts';

export const ui = {
  close: 'Close',
  cancel: 'Cancel',
  retry: 'Try again',
  undo: 'Undo',
  dismiss: 'Dismiss',
  copy: 'Copy',
  copied: 'Copied',
  'show-password': 'Show password',
  'hide-password': 'Hide password',
  optional: 'optional',
  'error-title': 'This could not be loaded',
  'error-id': 'Error id {id}',
  working: 'Working…',
  notifications: 'Notifications',
  taller: 'Make taller',
  shorter: 'Make shorter',
} as const satisfies Dictionary;
