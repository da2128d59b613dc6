import type { Dictionary } from '../../i18n/types.ts';

export const account = {
  profile: 'Profile',
  appearance: 'Appearance',
  chat: 'Chat',
  keys: 'API keys',
  privacy: 'Privacy and security',
  shortcuts: 'Keyboard shortcuts',
} as const satisfies Dictionary;
