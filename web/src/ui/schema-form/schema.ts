/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** The part of JSON Schema that forms are drawn from; what is not listed is left to the server's check. */
interface FieldBase {
  name: string;
  title: string;
  description: string | undefined;
  required: boolean;
  /** What stands in the field at first. */
  initial: Json | undefined;
}
export interface TextNode extends FieldBase {
  kind: 'text';
  look: 'line' | 'area' | 'password' | 'uri' | 'email';
  minLength: number | undefined;
  maxLength: number | undefined;
  pattern: string | undefined;
}
export interface NumberNode extends FieldBase {
  kind: 'number';
  whole: boolean;
  minimum: number | undefined;
  maximum: number | undefined;
}
export interface SwitchNode extends FieldBase {
  kind: 'switch';
}
export interface ChoiceNode extends FieldBase {
  kind: 'choice';
  options: { value: string; label: string }[];
}
export interface ListNode extends FieldBase {
  kind: 'list';
  item: SchemaNode;
  minItems: number | undefined;
  maxItems: number | undefined;
}
export interface GroupNode extends FieldBase {
  kind: 'group';
  fields: SchemaNode[];
}
export type SchemaNode = TextNode | NumberNode | SwitchNode | ChoiceNode | ListNode | GroupNode;

/** The fields of an object schema, in its order. Properties without a form of ours are left out and keep their value. */
export function readSchema(schema: JsonObject): GroupNode {
  return readGroup('', schema, true);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readGroup(name: string, schema: JsonObject, required: boolean): GroupNode {
  const needed = Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const fields = Object.entries(properties).flatMap(([key, property]) => {
    const node = isObject(property) ? readNode(key, property, needed.includes(key)) : null;
    return node ? [node] : [];
  });
  return { ...base(name, schema, required), kind: 'group', fields };
}

function readNode(name: string, schema: JsonObject, required: boolean): SchemaNode | null {
  const common = base(name, schema, required);
  const options = readOptions(schema);
  if (options) return { ...common, kind: 'choice', options };
  switch (schema['type']) {
    case 'string':
      return {
        ...common,
        kind: 'text',
        look: lookOf(schema['format']),
        minLength: numberOf(schema['minLength']),
        maxLength: numberOf(schema['maxLength']),
        pattern: textOf(schema['pattern']),
      };
    case 'number':
    case 'integer':
      return {
        ...common,
        kind: 'number',
        whole: schema['type'] === 'integer',
        minimum: numberOf(schema['minimum']),
        maximum: numberOf(schema['maximum']),
      };
    case 'boolean':
      return { ...common, kind: 'switch' };
    case 'array': {
      const item = isObject(schema['items']) ? readNode('', schema['items'], true) : null;
      if (!item) return null;
      return {
        ...common,
        kind: 'list',
        item,
        minItems: numberOf(schema['minItems']),
        maxItems: numberOf(schema['maxItems']),
      };
    }
    case 'object':
      return readGroup(name, schema, required);
    default:
      return null;
  }
}

function base(name: string, schema: JsonObject, required: boolean): FieldBase {
  return {
    name,
    title: textOf(schema['title']) ?? name,
    description: textOf(schema['description']),
    required,
    initial: schema['default'],
  };
}

/** `enum` of strings, or `oneOf` of constants with titles. */
function readOptions(schema: JsonObject): ChoiceNode['options'] | null {
  if (Array.isArray(schema['enum'])) {
    const values = schema['enum'].filter((value) => typeof value === 'string');
    return values.length > 0 ? values.map((value) => ({ value, label: value })) : null;
  }
  if (!Array.isArray(schema['oneOf'])) return null;
  const options = schema['oneOf'].flatMap((option) =>
    isObject(option) && typeof option['const'] === 'string'
      ? [{ value: option['const'], label: textOf(option['title']) ?? option['const'] }]
      : [],
  );
  return options.length > 0 ? options : null;
}

function lookOf(format: Json | undefined): TextNode['look'] {
  if (format === 'textarea' || format === 'multiline') return 'area';
  if (format === 'password' || format === 'uri' || format === 'email') return format;
  return format === 'url' ? 'uri' : 'line';
}
function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
