import { missingHook } from './declared-hooks.ts';
import { isShallowJson } from './json-depth.ts';
import type { OpenCall } from './open-call.ts';
import type { PluginRecord } from './plugin-record.ts';
import { cleanPluginText } from './plugin-text.ts';
import { SandboxFailure, type SandboxFailureCode } from './sandbox-errors.ts';
import type { WorkerExit } from './worker-process.ts';

const maxExportsDepth = 8;

/** Endings that speak against the plugin. What its neighbours, the caller or the host did does not. */
export function isPluginsFault(code: SandboxFailureCode, open: OpenCall): boolean {
  // `listModels` is meant to throw when the server of one connection can't be reached.
  if (code === 'sandbox.threw') return open.call.method !== 'listModels';
  return (
    code === 'sandbox.timed-out' ||
    code === 'sandbox.out-of-memory' ||
    code === 'sandbox.budget' ||
    code === 'sandbox.invalid-result'
  );
}

/** How the calls of the plugin end that a worker's death is laid on. */
export function codeOfDeath(exit: WorkerExit): SandboxFailureCode {
  if (exit.killedFor === 'stuck') return 'sandbox.timed-out';
  return exit.killedFor === 'memory' || exit.catastrophe ? 'sandbox.out-of-memory' : 'sandbox.crashed';
}

/** What is wrong with what a plugin exports, as a sentence. */
export function exportsFault(record: PluginRecord, exports: string): string | undefined {
  if (exports.length > record.limits.resultBytes || !isShallowJson(exports, maxExportsDepth)) {
    return 'the exports are not readable';
  }
  return missingHook(record.plugin.manifest, exports);
}

export function loadFailure(record: PluginRecord, text: string): SandboxFailure {
  return new SandboxFailure('sandbox.load-failed', record.key, cleanPluginText(text));
}
