import type { SandboxHost } from '@parley/sdk/sandbox';
import { type ApiRoute, apiRoute } from '../../http/api-route.ts';
import { orderedKinds, type OrderedKind } from './hook-order.ts';
import type { InstalledEntry, PluginRegistry } from './plugin-registry.ts';
import { presentHookOrder, presentPlugin, presentPluginName } from './plugins.presenter.ts';
import type { PluginsService } from './plugins.service.ts';
import type { SandboxSync } from './sandbox-sync.ts';

export function pluginRoutes(deps: {
  service: PluginsService;
  registry: PluginRegistry;
  sandbox: SandboxHost;
  sync: SandboxSync;
}): ApiRoute[] {
  const { service, registry, sandbox, sync } = deps;
  const present = (entry: InstalledEntry) => {
    const health = sandbox.health().plugins.find((one) => one.plugin === entry.key);
    return presentPlugin(entry, health, sync.loadError(entry.key), Date.now());
  };
  const presentOrder = (kind: OrderedKind) =>
    presentHookOrder(kind, registry.hooks(kind), (id) => registry.find(id)?.package.manifest.name ?? id);

  return [
    apiRoute('GET /api/plugins', { scope: 'read' }, async () => registry.all().map(presentPluginName)),
    apiRoute('GET /api/admin/plugins', {}, async () => registry.all().map(present)),
    apiRoute('PATCH /api/admin/plugins/:id', {}, async ({ params, body, caller }) =>
      present(await service.change(params.id, body, caller.userId)),
    ),
    apiRoute('POST /api/admin/plugins/:id/revive', {}, async ({ params, caller }) =>
      present(await service.revive(params.id, caller.userId)),
    ),
    apiRoute('GET /api/admin/hooks', {}, async () => orderedKinds.map(presentOrder)),
    apiRoute('PUT /api/admin/hooks/:kind', {}, async ({ params, body, caller }) => {
      await service.reorder(params.kind, body.refs, caller.userId);
      return presentOrder(params.kind);
    }),
  ];
}
