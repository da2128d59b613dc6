import { jsonParse, freeze } from './primordials.ts';
import type { GuestCall } from './guest-call.ts';
import { writeLog } from './log.ts';

/** The context object of a hook: what the core gave for this call, and the host's functions bound to the call. */
export function buildContext(call: GuestCall, contextJson: string, permissions: string[]): object {
  const granted = new Set(permissions);
  const given = jsonParse(contextJson) as Record<string, unknown>;
  return freeze({
    ...given,
    signal: call.controller.signal,
    permissions: freeze({ has: (name: string) => granted.has(String(name)) }),
    storage: freeze({
      get: (key: string) => call.ask('storage.get', { key }),
      set: (key: string, value: unknown) => call.ask('storage.set', { key, value: value ?? null }),
      delete: (key: string) => call.ask('storage.delete', { key }),
      list: (prefix = '') => call.ask('storage.list', { prefix }),
    }),
    log: freeze({
      info: (...values: unknown[]) => writeLog(call.id, 'info', values),
      warn: (...values: unknown[]) => writeLog(call.id, 'warn', values),
      error: (...values: unknown[]) => writeLog(call.id, 'error', values),
    }),
  });
}
