/** As people write amounts: whole digits, perhaps in groups of three, and up to six decimals. */
const written = /^(\d{1,10}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,6}))?$|^\.(\d{1,6})$/;

/** "1,204.5" as whole millionths, exactly; undefined when it is no amount. */
export function parseMillionths(text: string): number | undefined {
  const found = written.exec(text.trim());
  if (!found) return undefined;
  const [, whole = '0', decimals = '', decimalsAlone = ''] = found;
  const amount = Number(whole.replaceAll(',', '') + (decimals || decimalsAlone).padEnd(6, '0'));
  return Number.isSafeInteger(amount) ? amount : undefined;
}

/** What `parseMillionths` reads back as the same amount: "1204.5". */
export function writeMillionths(amount: number): string {
  const digits = String(amount).padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, '');
}
