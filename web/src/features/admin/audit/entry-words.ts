import type { AuditEntry } from '@parley/sdk/contract';
import { formatDateTime, formatList, formatNumber } from '../../../i18n/format.ts';
import { lookUp, t } from '../../../i18n/i18n.svelte.ts';
import { everyModel } from '../credits/price-versions.ts';

/** A piece of the sentence that says what was done; who and what are set apart from the words around them. */
export interface SentencePart {
  kind: 'text' | 'actor' | 'target' | 'action';
  text: string;
}

/** In the order of the language: the marks of its sentence are where the names stand. */
export function sentenceParts(entry: AuditEntry): SentencePart[] {
  const sentence = lookUp('audit', `did-${entry.action}`) ?? lookUp('audit', 'did-other') ?? '{action}';
  const names = { actor: actorName(entry), target: targetName(entry), action: entry.action };
  return sentence
    .split(/(\{(?:actor|target|action)\})/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const kind = /^\{(actor|target|action)\}$/.exec(piece)?.[1] as keyof typeof names | undefined;
      return kind === undefined ? { kind: 'text', text: piece } : { kind, text: names[kind] };
    });
}

export function actorName({ actor }: Pick<AuditEntry, 'actor'>): string {
  return actor === null ? t('audit.system') : (actor.nickname ?? t('audit.gone'));
}

/** An invitation without a note, say, has no name but its id. */
function targetName({ target }: AuditEntry): string {
  if (target.type === 'price' && target.name === everyModel) return t('audit.every-model');
  if (target.name !== null && target.name !== '') return target.name;
  return target.id;
}

export interface Detail {
  name: string;
  /** The name is the program's own. */
  isCode: boolean;
  value: string;
}

/** What the entry tells besides: fields with what was and what is first, then the rest as it is. */
export function detailsOf({ data }: AuditEntry): Detail[] {
  const { name: _, changes, ...rest } = data;
  const changed = isObject(changes) ? Object.entries(changes) : [];
  return [
    ...changed.map(([field, change]) => ({
      ...nameOf(field),
      value: isObject(change)
        ? t('audit.change', { from: inWords(field, change['from']), to: inWords(field, change['to']) })
        : inWords(field, change),
    })),
    ...Object.entries(rest).map(([field, value]) => ({ ...nameOf(field), value: inWords(field, value) })),
  ];
}

function nameOf(field: string): Pick<Detail, 'name' | 'isCode'> {
  const words = lookUp('audit', `field-${field}`);
  return { name: words ?? field, isCode: words === undefined };
}

const isoTime = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const MICRO = 1_000_000;

function inWords(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return t('audit.nothing');
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return value.length === 0 ? t('audit.nothing') : formatList(value);
  }
  if (typeof value === 'string') return isoTime.test(value) ? formatDateTime(value) : value;
  // Money travels in millionths.
  if (field === 'amount' && typeof value === 'number') return formatNumber(value / MICRO, { maximumFractionDigits: 6 });
  return JSON.stringify(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
