export type SandboxFailureCode =
  | 'sandbox.timed-out'
  | 'sandbox.out-of-memory'
  | 'sandbox.crashed'
  | 'sandbox.threw'
  | 'sandbox.budget'
  | 'sandbox.invalid-result'
  | 'sandbox.aborted'
  | 'sandbox.resting'
  | 'sandbox.disabled'
  | 'sandbox.not-loaded'
  | 'sandbox.load-failed'
  | 'sandbox.stopped';

/** The one way a sandboxed call fails. `detail` is the plugin's own text, cut to 1,000 characters, control characters removed. */
export class SandboxFailure extends Error {
  readonly code: SandboxFailureCode;
  readonly plugin: string;
  readonly detail: string | undefined;

  constructor(code: SandboxFailureCode, plugin: string, detail?: string) {
    super(detail === undefined ? `${code} in ${plugin}` : `${code} in ${plugin}: ${detail}`);
    this.name = 'SandboxFailure';
    this.code = code;
    this.plugin = plugin;
    this.detail = detail;
  }
}

/** Thrown by a capability handler to refuse a plugin's call with a code from `HostErrorCode`. */
export class HostCallError extends Error {
  readonly code: 'host.denied' | 'host.invalid' | 'host.budget' | 'host.unavailable';
  constructor(code: HostCallError['code'], message: string) {
    super(message);
    this.name = 'HostCallError';
    this.code = code;
  }
}
