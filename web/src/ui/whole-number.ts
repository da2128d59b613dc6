/** "12,000" as a number; undefined when it is no whole number. */
export function parseWhole(text: string): number | undefined {
  const plain = /^\d{1,3}(,\d{3})+$/.test(text.trim()) ? text.replaceAll(',', '') : text.trim();
  const value = Number(plain);
  return /^\d+$/.test(plain) && Number.isSafeInteger(value) ? value : undefined;
}
