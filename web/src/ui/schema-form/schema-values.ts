import { t } from '../../i18n/i18n.svelte.ts';
import { isObject, type GroupNode, type Json, type JsonObject, type SchemaNode } from './schema.ts';

/** What a form starts with: the value that is there, defaults where there is none. Properties the form does not know stay. */
export function withDefaults(group: GroupNode, value: Json | undefined): JsonObject {
  const filled: JsonObject = isObject(value) ? { ...value } : {};
  for (const field of group.fields) {
    const own = filled[field.name] ?? initialOf(field);
    if (own !== undefined) filled[field.name] = field.kind === 'group' ? withDefaults(field, own) : own;
  }
  return filled;
}

/** What a new entry of a list is. */
export function initialOf(node: SchemaNode): Json | undefined {
  if (node.initial !== undefined) return structuredClone(node.initial);
  switch (node.kind) {
    case 'switch':
      return false;
    case 'group':
      return withDefaults(node, {});
    case 'list':
      return [];
    case 'text':
      return '';
    case 'choice':
      return node.required ? node.options[0]?.value : undefined;
    default:
      return undefined;
  }
}

/** Sentences by dotted path, for what can be told without the server. */
export function problemsOf(node: SchemaNode, value: Json | undefined, path = ''): Record<string, string> {
  switch (node.kind) {
    case 'group':
      return Object.assign(
        {},
        ...node.fields.map((field) =>
          problemsOf(field, isObject(value) ? value[field.name] : undefined, join(path, field.name)),
        ),
      ) as Record<string, string>;
    case 'list': {
      const items = Array.isArray(value) ? value : [];
      const inside = items.map((item, index) => problemsOf(node.item, item, join(path, String(index))));
      return Object.assign(only(path, countProblem(node, items.length)), ...inside) as Record<string, string>;
    }
    default:
      return only(path, problemOf(node, value));
  }
}

function problemOf(node: Exclude<SchemaNode, { kind: 'group' | 'list' }>, value: Json | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return node.required ? t('fields.required') : undefined;
  if (node.kind === 'text' && typeof value === 'string') {
    if (node.minLength !== undefined && value.length < node.minLength)
      return t('fields.too-short', { count: node.minLength });
    if (node.maxLength !== undefined && value.length > node.maxLength)
      return t('fields.too-long', { count: node.maxLength });
    if (node.look === 'uri' && !isWebAddress(value)) return t('fields.not-uri');
    if (node.look === 'email' && !/^\S+@\S+$/.test(value)) return t('fields.not-email');
  }
  if (node.kind === 'number') {
    if (typeof value !== 'number') return t('fields.not-number');
    if (node.whole && !Number.isInteger(value)) return t('fields.not-whole');
    if (node.minimum !== undefined && value < node.minimum) return t('fields.too-small', { limit: node.minimum });
    if (node.maximum !== undefined && value > node.maximum) return t('fields.too-large', { limit: node.maximum });
  }
  return undefined;
}

function countProblem(node: { minItems: number | undefined; maxItems: number | undefined }, count: number) {
  if (node.minItems !== undefined && count < node.minItems) return t('fields.too-few', { count: node.minItems });
  if (node.maxItems !== undefined && count > node.maxItems) return t('fields.too-many', { count: node.maxItems });
  return undefined;
}

function isWebAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

function only(path: string, problem: string | undefined): Record<string, string> {
  return problem === undefined ? {} : { [path]: problem };
}

export function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** The errors below a path, with that path cut off. */
export function errorsBelow(errors: Readonly<Record<string, string>>, path: string): Record<string, string> {
  const prefix = `${path}.`;
  return Object.fromEntries(
    Object.entries(errors).flatMap(([key, sentence]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), sentence]] : [],
    ),
  );
}
