type Fields = Readonly<Record<string, unknown>>;

/** The names of the fields that are no longer the same; for values that may be secret. */
export function changedFields(before: Fields, after: Fields): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

/** Of the fields `after` names, what was and what is, where they differ. */
export function changesBetween(before: Fields, after: Fields): Record<string, { from: unknown; to: unknown }> {
  const named = Object.fromEntries(Object.keys(after).map((name) => [name, before[name]]));
  return Object.fromEntries(
    changedFields(named, after).map((name) => [name, { from: before[name] ?? null, to: after[name] ?? null }]),
  );
}
