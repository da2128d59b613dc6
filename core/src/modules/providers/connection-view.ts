import type { Connection } from '@parley/sdk/contract';
import { afterTest, type ConnectionHealth } from './connection-health.ts';
import type { ConnectionsService } from './connections.service.ts';
import type { ProviderConnection } from './provider.entity.ts';
import { presentConnection } from './providers.presenter.ts';

/** Connections as admins see them, with what is known of their health here. */
export function connectionView(connections: ConnectionsService, health: ConnectionHealth) {
  const present = ({ connection, modelCount }: { connection: ProviderConnection; modelCount: number }) =>
    presentConnection(connection, {
      modelCount,
      state: health.of(connection.id) ?? afterTest(connection.lastTest ?? null),
      isPluginOn: connections.offers().some(({ ref, plugin }) => ref === connection.provider && plugin.enabled),
    });
  return {
    async all(): Promise<Connection[]> {
      return (await connections.list()).map(present);
    },
    async one(connection: ProviderConnection): Promise<Connection> {
      const found = (await connections.list()).find((other) => other.connection.id === connection.id);
      return present({ connection, modelCount: found?.modelCount ?? 0 });
    },
  };
}
export type ConnectionView = ReturnType<typeof connectionView>;
