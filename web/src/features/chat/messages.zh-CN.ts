import type { Translated } from '../../i18n/types.ts';
import type { chat as english } from './messages.en.ts';

export const chat: Translated<typeof english> = {};
