import type { Dictionary } from '../../i18n/types.ts';

export const conversations = {} as const satisfies Dictionary;
