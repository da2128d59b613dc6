import type { SandboxHost } from '@parley/sdk/sandbox';
import { type ApiRoute, apiRoute } from '../../http/api-route.ts';
import type { SecretBox } from '../../lib/secret-box.ts';
import type { LimitsModule } from '../limits/index.ts';
import type { PluginRegistry } from '../plugins/index.ts';
import type { ConnectionView } from './connection-view.ts';
import type { ConnectionsService } from './connections.service.ts';
import { type ModelCatalogue, openConnection } from './model-catalogue.ts';
import type { ModelsService } from './models.service.ts';
import type { ProviderConnection } from './provider.entity.ts';
import { DiscoveryFailed } from './providers.errors.ts';
import { privateAddressHint } from './private-address-hint.ts';
import { presentAdminModel, presentKind, presentModel } from './providers.presenter.ts';
import { modelsFor, resolveFor } from './resolve-for.ts';
import { askForModels, type ModelsAnswer } from './try-connection.ts';

export function providerRoutes(deps: {
  connections: ConnectionsService;
  models: ModelsService;
  catalogue: ModelCatalogue;
  view: ConnectionView;
  registry: PluginRegistry;
  sandbox: SandboxHost;
  secretBox: SecretBox;
  limits: Pick<LimitsModule, 'effective'>;
}): ApiRoute[] {
  const { connections, models, catalogue, view } = deps;

  /** Also for connections that are switched off: an admin tries one before switching it on. */
  async function ask(row: ProviderConnection, adminId: string): Promise<ModelsAnswer> {
    const [live] = openConnection(row, deps.registry, deps.secretBox);
    if (live === undefined) {
      return { ok: false, code: 'plugin-off', detail: 'The plugin of this connection is switched off.', ms: 0 };
    }
    const kind = connections.offers().find((one) => one.ref === row.provider);
    if (kind?.offer.discovers !== true) {
      // It has no server: with its plugin on, there is nothing left that could fail.
      await connections.tested(row, { ok: true, detail: null });
      return { ok: true, models: kind?.offer.models ?? [], ms: 0 };
    }
    const given = await askForModels(deps.sandbox, live, adminId);
    const hint = given.ok ? null : await privateAddressHint(kind.plugin, live.network);
    const answer = given.ok || hint === null ? given : { ...given, ...hint, detail: `${given.detail} ${hint.detail}` };
    await connections.tested(row, { ok: answer.ok, detail: answer.ok ? null : answer.detail });
    return answer;
  }

  return [
    apiRoute('GET /api/models', { scope: 'read' }, async ({ caller }) => {
      const limits = await deps.limits.effective(caller.userId);
      const offered = modelsFor(catalogue, limits);
      const usual = offered.length === 0 ? null : resolveFor(catalogue, null, limits).publicId;
      return offered.map((model) => presentModel(model, usual));
    }),
    apiRoute('GET /api/admin/provider-kinds', {}, async () => connections.offers().map(presentKind)),
    apiRoute('GET /api/admin/connections', {}, () => view.all()),
    apiRoute('POST /api/admin/connections', {}, async ({ body, caller }) =>
      view.one(await connections.create(body, caller.userId)),
    ),
    apiRoute('PATCH /api/admin/connections/:id', {}, async ({ params, body, caller }) =>
      view.one(await connections.change(params.id, body, caller.userId)),
    ),
    apiRoute('DELETE /api/admin/connections/:id', {}, async ({ params, caller }) =>
      connections.remove(params.id, caller.userId),
    ),
    apiRoute('POST /api/admin/connections/:id/test', { limit: 'provider.test' }, async ({ params, caller }) => {
      const answer = await ask(await connections.get(params.id), caller.userId);
      return answer.ok
        ? { ok: true, ms: answer.ms, modelsFound: answer.models.length, failure: null }
        : { ok: false, ms: answer.ms, modelsFound: null, failure: failureOf(answer) };
    }),
    apiRoute('POST /api/admin/connections/:id/discover', { limit: 'provider.test' }, async ({ params, caller }) => {
      const row = await connections.get(params.id);
      const answer = await ask(row, caller.userId);
      if (!answer.ok) throw DiscoveryFailed({ ...answer.data, detail: answer.detail, reason: answer.code });
      const known = new Set(
        (await models.list()).filter((one) => one.connection.id === row.id).map((one) => one.providerModel),
      );
      return answer.models.map(({ id, name, contextTokens }) => ({ id, name, contextTokens, known: known.has(id) }));
    }),
    apiRoute('GET /api/admin/models', {}, async () => (await models.list()).map(presentAdminModel)),
    apiRoute('POST /api/admin/models', {}, async ({ body, caller }) =>
      presentAdminModel(await models.create(body, caller.userId)),
    ),
    apiRoute('PATCH /api/admin/models/:id', {}, async ({ params, body, caller }) =>
      presentAdminModel(await models.change(params.id, body, caller.userId)),
    ),
    apiRoute('DELETE /api/admin/models/:id', {}, async ({ params, caller }) => models.remove(params.id, caller.userId)),
    apiRoute('PUT /api/admin/models/order', {}, async ({ body, caller }) =>
      (await models.reorder(body.ids, caller.userId)).map(presentAdminModel),
    ),
  ];
}

function failureOf({ code, detail, data = {} }: Extract<ModelsAnswer, { ok: false }>) {
  return { code, detail, data };
}
