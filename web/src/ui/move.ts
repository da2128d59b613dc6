/** A copy with one item moved by a step; at the ends it stays. */
export function moved<T>(items: readonly T[], from: number, step: number): T[] {
  const to = from + step;
  const item = items[from];
  if (item === undefined || to < 0 || to >= items.length) return [...items];
  return items.toSpliced(from, 1).toSpliced(to, 0, item);
}
