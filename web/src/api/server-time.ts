/** How far this device's clock is ahead of the server's. Answers tell whole seconds and travel a while, so the least difference is the truest. */
let aheadMs: number | null = null;

export function hearServerTime(date: string | null, now = Date.now()): void {
  const at = Date.parse(date ?? '');
  if (!Number.isNaN(at)) aheadMs = Math.min(aheadMs ?? Infinity, now - at);
}

/** A time that has passed and that the server named, by this device's clock; never in the future. */
export function onThisClock(at: string, now = Date.now()): number {
  return Math.min(now, dueOnThisClock(at));
}

/** A time to come. */
export function dueOnThisClock(at: string): number {
  return Date.parse(at) + (aheadMs ?? 0);
}
