/** What a refused or failed host call throws inside the plugin: a code from a fixed list, no path, no host stack. */
export class HostError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'HostError';
    this.code = code;
  }
}
