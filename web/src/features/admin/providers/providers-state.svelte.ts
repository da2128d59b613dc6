import type { RouteResponse } from '@parley/sdk/client';
import type { AdminModel, Connection, InstanceSettings, ProviderKind } from '@parley/sdk/contract';
import { ApiError, http } from '../../../api/http.ts';

export type TestResult = RouteResponse<'POST /api/admin/connections/:id/test'>;
export type Trial = 'running' | TestResult;

/** Connections and models of this installation, as the server last told them. */
export class ProvidersState {
  kinds = $state.raw<readonly ProviderKind[]>([]);
  connections = $state.raw<readonly Connection[]>([]);
  models = $state.raw<readonly AdminModel[]>([]);
  settings = $state.raw<InstanceSettings | null>(null);
  /** The last test of each connection on this page. */
  trials = $state.raw<Readonly<Record<string, Trial>>>({});

  async load(): Promise<this> {
    const [kinds, connections, models, settings] = await Promise.all([
      http('GET /api/admin/provider-kinds'),
      http('GET /api/admin/connections'),
      http('GET /api/admin/models'),
      http('GET /api/admin/settings'),
    ]);
    this.kinds = kinds;
    this.connections = connections;
    this.models = models.toSorted((a, b) => a.position - b.position);
    this.settings = settings;
    return this;
  }

  kindOf(connection: Connection): ProviderKind | undefined {
    return this.kinds.find(({ ref }) => ref === connection.provider);
  }
  connectionOf(model: AdminModel): Connection | undefined {
    return this.connections.find(({ id }) => id === model.connectionId);
  }
  get defaultModel(): string | undefined {
    const offered = this.models.filter(({ enabled }) => enabled).map(({ publicId }) => publicId);
    // The chosen one may have been withdrawn since; then the first stands in for it.
    const chosen = this.settings?.defaultModel ?? '';
    return offered.includes(chosen) ? chosen : offered[0];
  }

  put(connection: Connection): void {
    this.connections = replaced(this.connections, connection);
  }
  putModel(model: AdminModel): void {
    this.models = replaced(this.models, model);
  }

  /** Health and counts may have changed with it. What a test said holds no longer than the health it led to. */
  async refreshConnections(): Promise<void> {
    this.connections = await http('GET /api/admin/connections');
    const health = new Map(this.connections.map((connection) => [connection.id, connection.health]));
    const holds = ([id, trial]: [string, Trial]) => trial === 'running' || (health.get(id) === 'ok') === trial.ok;
    this.trials = Object.fromEntries(Object.entries(this.trials).filter(holds));
  }

  /** Somebody comes back to the page: chats, other tabs and other admins may have found out more meanwhile. */
  async lookAgain(): Promise<void> {
    try {
      await this.refreshConnections();
    } catch (error) {
      // What was known is still shown, and nobody asked for more.
      if (!(error instanceof ApiError)) throw error;
    }
  }
  async refreshModels(): Promise<void> {
    const models = await http('GET /api/admin/models');
    this.models = models.toSorted((a, b) => a.position - b.position);
    await this.refreshConnections();
  }

  async test(id: string): Promise<TestResult> {
    this.trials = { ...this.trials, [id]: 'running' };
    try {
      const result = await http('POST /api/admin/connections/:id/test', { params: { id } });
      this.trials = { ...this.trials, [id]: result };
      return result;
    } catch (error) {
      const { [id]: _gone, ...others } = this.trials;
      this.trials = others;
      throw error;
    } finally {
      await this.refreshConnections();
    }
  }

  async removeConnection(id: string): Promise<void> {
    await http('DELETE /api/admin/connections/:id', { params: { id } });
    this.connections = this.connections.filter((one) => one.id !== id);
    this.models = this.models.filter((one) => one.connectionId !== id);
  }

  async order(models: AdminModel[]): Promise<void> {
    const before = this.models;
    // At once on the screen; back again when the server refuses.
    this.models = models;
    try {
      this.models = await http('PUT /api/admin/models/order', { body: { ids: models.map(({ id }) => id) } });
    } catch (error) {
      this.models = before;
      throw error;
    }
  }

  async makeDefault(publicId: string): Promise<void> {
    this.settings = await http('PATCH /api/admin/settings', { body: { defaultModel: publicId } });
  }
}

function replaced<T extends { id: string }>(list: readonly T[], item: T): T[] {
  const at = list.findIndex(({ id }) => id === item.id);
  return at < 0 ? [...list, item] : list.with(at, item);
}
