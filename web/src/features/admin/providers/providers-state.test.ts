import type { Connection } from '@parley/sdk/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProvidersState } from './providers-state.svelte.ts';

const id = '00000000-0000-4000-8000-000000000001';
function connection(health: Connection['health']): Connection {
  return {
    id,
    provider: 'acme.talker/talker',
    slug: 'house',
    name: 'House',
    enabled: true,
    settings: {},
    secretsSet: [],
    health,
    healthDetail: null,
    modelCount: 0,
    createdAt: '2026-11-21T09:00:00.000Z',
  };
}

describe('the last test of a connection', () => {
  let health: Connection['health'] = 'unknown';
  let reachable = true;

  beforeEach(() => {
    reachable = true;
    vi.stubGlobal('fetch', async (url: string | URL) => {
      if (!reachable) throw new TypeError('fetch failed');
      if (String(url).endsWith('/test')) {
        health = 'ok';
        return Response.json({ ok: true, ms: 5, modelsFound: 2, failure: null });
      }
      return Response.json([connection(health)]);
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  it('is shown with the health that it led to', async () => {
    const providers = new ProvidersState();
    await providers.test(id);
    expect(providers.trials[id]).toMatchObject({ ok: true });
    expect(providers.connections).toMatchObject([{ health: 'ok' }]);
  });

  it('is taken away when somebody comes back and the health has turned since', async () => {
    const providers = new ProvidersState();
    await providers.test(id);
    await providers.lookAgain();
    expect(providers.trials[id]).toMatchObject({ ok: true });
    health = 'failing';
    await providers.lookAgain();
    expect(providers.connections).toMatchObject([{ health: 'failing' }]);
    expect(providers.trials[id]).toBeUndefined();
  });

  it('stays as it is known while the server is out of reach', async () => {
    const providers = new ProvidersState();
    await providers.test(id);
    reachable = false;
    await providers.lookAgain();
    expect(providers.connections).toMatchObject([{ health: 'ok' }]);
  });
});
