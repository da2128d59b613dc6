import type { FieldProblem } from '@parley/sdk/contract';
import { lookUp, t } from './i18n.svelte.ts';

/** Why a field was refused. The server names a rule of zod or of JSON Schema; where we have no words of our own, its message stands. */
export function fieldSentence({ code, message }: FieldProblem): string {
  // Neither rule book sends its limit apart from the sentence.
  const limit = Number(/-?\d+(?:\.\d+)?/.exec(message)?.[0]);
  switch (code) {
    case 'required':
      return t('fields.required');
    case 'invalid_type':
    case 'type':
      return typeSentence(message);
    case 'too_small':
    case 'minLength':
    case 'minItems':
    case 'minimum':
      return tooSmall(message, limit);
    case 'too_big':
    case 'maxLength':
    case 'maxItems':
    case 'maximum':
      return tooLarge(message, limit);
    case 'invalid_value':
    case 'enum':
    case 'const':
      return t('fields.not-choice');
    case 'invalid_format':
    case 'format':
    case 'pattern':
      return formatSentence(message);
    default:
      return lookUp('fields', code) ?? asSentence(message);
  }
}

function typeSentence(message: string): string {
  if (/received undefined/.test(message)) return t('fields.required');
  if (/integer|\bint\b/.test(message)) return t('fields.not-whole');
  return /number/.test(message) ? t('fields.not-number') : t('fields.wrong-form');
}

function tooSmall(message: string, limit: number): string {
  if (/character|string/.test(message))
    return limit <= 1 ? t('fields.required') : t('fields.too-short', { count: limit });
  if (/item|array/.test(message)) return t('fields.too-few', { count: limit });
  return t('fields.too-small', { limit });
}

function tooLarge(message: string, limit: number): string {
  if (/character|string/.test(message)) return t('fields.too-long', { count: limit });
  if (/item|array/.test(message)) return t('fields.too-many', { count: limit });
  return t('fields.too-large', { limit });
}

function formatSentence(message: string): string {
  if (/email/i.test(message)) return t('fields.not-email');
  if (/\bur[il]\b/i.test(message)) return t('fields.not-uri');
  return t('fields.wrong-form');
}

/** Messages of the server continue the name of the field: "is empty". */
function asSentence(message: string): string {
  return message === '' ? t('fields.wrong-form') : message.charAt(0).toUpperCase() + message.slice(1);
}
