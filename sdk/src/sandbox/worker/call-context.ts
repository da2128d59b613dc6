import type { GuestContext } from './isolate.ts';
import type { CallFetch } from './call-fetch.ts';
import type { WorkerCall } from './worker-call.ts';

/** A context with the calls it serves (one, or all of an official plugin) and what waits to enter it. */
export class CallContext {
  readonly guest: GuestContext;
  readonly shared: boolean;
  readonly calls: Map<number, WorkerCall> = new Map();
  readonly timers: Map<number, { callId: number; handle: NodeJS.Timeout }> = new Map();
  /** What each of its calls has used by now: the processor time of every entry, shared equally by those who were there. */
  cpuNsEach = 0;
  logLines = 0;
  logBytes = 0;
  /** JSON of messages for the guest, in order. */
  pending: string[] = [];
  /** For filters: the call's id and the text's length by turns, and the texts. They enter before all else, as one message. */
  #texts: { row: number[]; bodies: string[] } = { row: [], bodies: [] };
  /** Fetches with body pieces that arrived since the last entry; their pieces enter as one message each. */
  arrived: Set<CallFetch> = new Set();

  constructor(guest: GuestContext, shared: boolean) {
    this.guest = guest;
    this.shared = shared;
  }

  /** Of messages and pieces. */
  get waiting(): number {
    return this.arrived.size + this.pending.length + this.#texts.bodies.length;
  }
  feed(callId: number, text: string): void {
    this.#texts.row.push(callId, text.length);
    this.#texts.bodies.push(text);
  }

  /** JSON of all that waits, and the raw pieces it refers to. */
  takePending(): { batch: string; bodies: string } | undefined {
    const { row, bodies } = this.#texts;
    this.#texts = { row: [], bodies: [] };
    if (row.length > 0) this.pending.unshift(`["p",${row.join(',')}]`);
    for (const fetch of this.arrived) {
      const messages = fetch.takeArrived(bodies);
      if (messages !== '') this.pending.push(messages);
    }
    this.arrived.clear();
    if (this.pending.length === 0) return undefined;
    const batch = `[${this.pending.join(',')}]`;
    this.pending = [];
    return { batch, bodies: bodies.length === 1 ? bodies[0]! : bodies.join('') };
  }

  stopTimers(callId: number): void {
    for (const [number, timer] of this.timers) {
      if (timer.callId !== callId) continue;
      clearTimeout(timer.handle);
      this.timers.delete(number);
    }
  }

  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer.handle);
    this.timers.clear();
    this.pending = [];
    this.#texts = { row: [], bodies: [] };
    this.arrived.clear();
    this.guest.close();
  }
}
