export interface Standing {
  /** How many more could be taken now. */
  remaining: number;
  /** Until the next place becomes free; until then a refused key stays refused. The whole window when nothing was taken. */
  waitMs: number;
}

export interface Taken extends Standing {
  isTaken: boolean;
}

/** Counts what somebody did in the time that ends now. Refused attempts do not count, so nobody locks himself out. */
export interface RateWindow {
  /** Never lets more than `limit` through in any stretch of `windowMs`. */
  take(key: string, limit: number, windowMs: number): Promise<Taken>;
  /** Where somebody stands, without counting. */
  look(key: string, limit: number, windowMs: number): Promise<Standing>;
}

/**
 * A window slides in steps of this part of its length: a place is free again up to one step late, never early, and what
 * is kept for a key has this many counts at most, whatever its limit.
 */
export const STEPS = 60;
