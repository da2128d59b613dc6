import type { Dictionary } from '../../i18n/types.ts';

export const admin = {
  providers: 'Models and providers',
  plugins: 'Plugins',
  hooks: 'Order of hooks',
  invitations: 'Invitations',
  system: 'System',
} as const satisfies Dictionary;
