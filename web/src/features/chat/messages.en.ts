import type { Dictionary } from '../../i18n/types.ts';

export const chat = {} as const satisfies Dictionary;
