/** Settings as the core hands them out: what was given over the defaults of the schema. */
export function withDefaults(
  schema: Record<string, unknown> | undefined,
  given: Record<string, unknown> = {},
): Record<string, unknown> {
  const properties = (schema?.['properties'] ?? {}) as Record<string, { default?: unknown }>;
  const defaults = Object.entries(properties)
    .filter(([, property]) => property.default !== undefined)
    .map(([name, property]): [string, unknown] => [name, property.default]);
  return { ...Object.fromEntries(defaults), ...given };
}
