import type { ProviderError } from '@parley/sdk/plugin';

export interface ConnectionState {
  health: 'unknown' | 'ok' | 'failing';
  detail: string | null;
}

/** What the last calls said of each connection, since this process started; before that, the last test counts. */
export interface ConnectionHealth {
  /** Null: nothing is known here. */
  of(connectionId: string): ConnectionState | null;
  succeeded(connectionId: string): void;
  /** Only what an admin can mend counts: a wrong key or an empty account, not a busy server. */
  failed(connectionId: string, error: ProviderError): void;
  /** It told token counts that cannot be right. */
  doubted(connectionId: string): void;
  tested(connectionId: string, test: { ok: boolean; detail: string | null }): void;
  forget(connectionId: string): void;
}

const unknown: ConnectionState = { health: 'unknown', detail: null };
const ok: ConnectionState = { health: 'ok', detail: null };

export function afterTest(test: { ok: boolean; detail: string | null } | null): ConnectionState {
  if (test === null) return unknown;
  return test.ok ? ok : { health: 'failing', detail: test.detail };
}

export function createConnectionHealth(): ConnectionHealth {
  const states = new Map<string, ConnectionState>();
  return {
    of: (id) => states.get(id) ?? null,
    succeeded: (id) => void states.set(id, ok),
    failed(id, error) {
      if (error.class === 'auth' || error.class === 'quota')
        states.set(id, { health: 'failing', detail: error.message });
    },
    doubted: (id) =>
      void states.set(id, {
        health: 'failing',
        detail: 'Its token counts cannot be right; replies are counted by Parley.',
      }),
    tested: (id, test) => void states.set(id, afterTest(test)),
    forget: (id) => void states.delete(id),
  };
}
