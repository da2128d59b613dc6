/** Small values that may be lost: counters, marks, pauses. Nothing that money or words depend on. */
export interface Kv {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** False when the key was there already. */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>;
  /** The new value; the time to live counts from the first increment. */
  increment(key: string, ttlMs: number): Promise<number>;
  delete(key: string): Promise<void>;
}
