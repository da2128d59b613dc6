import type { ProviderError } from '@parley/sdk/plugin';

export interface ConnectionState {
  health: 'unknown' | 'ok' | 'failing';
  detail: string | null;
}

/** What the last calls said of each connection, since this process started. */
export interface ConnectionHealth {
  of(connectionId: string): ConnectionState;
  succeeded(connectionId: string): void;
  /** Only what an admin can mend counts: a wrong key or an empty account, not a busy server. */
  failed(connectionId: string, error: ProviderError): void;
  forget(connectionId: string): void;
}

const unknown: ConnectionState = { health: 'unknown', detail: null };
const ok: ConnectionState = { health: 'ok', detail: null };

export function createConnectionHealth(): ConnectionHealth {
  const states = new Map<string, ConnectionState>();
  return {
    of: (id) => states.get(id) ?? unknown,
    succeeded: (id) => void states.set(id, ok),
    failed(id, error) {
      if (error.class === 'auth' || error.class === 'quota')
        states.set(id, { health: 'failing', detail: error.message });
    },
    forget: (id) => void states.delete(id),
  };
}
