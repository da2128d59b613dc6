import { HostError } from './host-error.ts';
import type { GuestCall } from './guest-call.ts';

/**
 * Which call a global function such as `fetch` acts for. A context of its own serves one call, so there is no doubt. In a shared
 * context (official plugins only) the call is known while its hook starts, and later through the signal handed to `fetch`.
 */
const calls: Map<number, GuestCall> = new Map();
let starting: GuestCall | undefined;
let shared = false;

export function setShared(value: boolean): void {
  shared = value;
}
export function addCall(call: GuestCall): void {
  calls.set(call.id, call);
}
export function removeCall(id: number): void {
  calls.delete(id);
}
export function callById(id: number): GuestCall | undefined {
  return calls.get(id);
}

export function whileStarting<T>(call: GuestCall, action: () => T): T {
  const before = starting;
  starting = call;
  try {
    return action();
  } finally {
    starting = before;
  }
}

export function currentCall(): GuestCall | undefined {
  if (starting !== undefined) return starting;
  if (shared) return undefined;
  for (const call of calls.values()) return call;
  return undefined;
}
/** 0 when no call can be told: the host then counts the use against the plugin. */
export function currentCallId(): number {
  return currentCall()?.id ?? 0;
}
export function requireCall(owner: GuestCall | undefined): GuestCall {
  const call = owner ?? currentCall();
  if (call === undefined) throw new HostError('host.invalid', 'pass the signal of the call this belongs to');
  if (call.dead) throw new HostError('host.aborted', 'the call is over');
  return call;
}
