import type { Translated } from '../../i18n/types.ts';
import type { conversations as english } from './messages.en.ts';

export const conversations: Translated<typeof english> = {};
