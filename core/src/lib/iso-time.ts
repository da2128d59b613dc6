/** What raw SQL hands out for a `timestamptz` (`2026-11-21 03:00:00.123+00`), as the wire wants it. */
export function isoTime(raw: string | Date): string {
  return (typeof raw === 'string' ? new Date(raw) : raw).toISOString();
}

export function isoTimeOrNull(raw: string | Date | null): string | null {
  return raw === null ? null : isoTime(raw);
}
