import { lockDown } from './lockdown.ts';
import { setShared } from './current-call.ts';
import { deliver } from './deliver.ts';
import { inspectPlugin } from './inspect-plugin.ts';
import { installGlobals } from './install-globals.ts';
import { describe, drain, quote } from './outbox.ts';
import { jsonParse } from './primordials.ts';
import { startCall } from './run-call.ts';
import type { CallMeta } from './run-call.ts';

let plugin: Parameters<typeof startCall>[0] = {};

/** The only door into the isolate; the host holds it, plugin code never sees it. Text in, text out. */
export function enter(operation: string, a: unknown, b: string, c: string): string {
  switch (operation) {
    case 'deliver':
      deliver(a as string, b);
      return '';
    case 'drain':
      return drain();
    case 'call':
      startCall(plugin, jsonParse(a as string) as CallMeta, b, c);
      return '';
    case 'plugin':
      try {
        const found = (a as { default?: unknown }).default;
        const names = inspectPlugin(found);
        plugin = found as typeof plugin;
        return `+${names}`;
      } catch (thrown) {
        return `-${quote(describe(thrown))}`;
      }
    case 'shared':
      setShared(true);
      return '';
    default:
      return '';
  }
}

lockDown();
installGlobals();
