/** What a plugin may ask of the host. Each call is checked against the grant, counted, and refused with a `HostError`. */
export interface HostApi {
  permissions: { has(name: string): boolean };
  /** Per plugin, never shared with another one. Values are JSON. Needs `storage`. */
  storage: {
    get(key: string): Promise<unknown>;
    set(key: string, value: unknown): Promise<void>;
    delete(key: string): Promise<void>;
    list(prefix?: string): Promise<string[]>;
  };
  log: {
    info(message: string): void;
    warn(message: string): void;
    error(message: string): void;
  };
}

/** The codes a host call can fail with; `error.code` in plugin code. */
export type HostErrorCode =
  | 'host.denied'
  | 'host.invalid'
  | 'host.budget'
  | 'host.unavailable'
  | 'host.aborted'
  | 'host.timeout';
