import type { AdminModel } from '@parley/sdk/contract';
import { http } from '../../../api/http.ts';
import { t } from '../../../i18n/i18n.svelte.ts';
import { toasts } from '../../../ui/toasts.svelte.ts';
import { attempt } from '../attempt.ts';
import type { ProvidersState } from './providers-state.svelte.ts';

/** Takes a model off the list at once; Undo offers it again in its old place. */
export async function withdraw(providers: ProvidersState, model: AdminModel): Promise<void> {
  const before = providers.models;
  await http('DELETE /api/admin/models/:id', { params: { id: model.id } });
  providers.models = before.filter(({ id }) => id !== model.id);
  await providers.refreshConnections();
  toasts.show({
    text: t('admin.model-removed', { name: model.name }),
    action: { label: t('ui.undo'), run: () => void attempt(() => offerAgain(providers, model, before)) },
  });
}

async function offerAgain(providers: ProvidersState, model: AdminModel, before: readonly AdminModel[]): Promise<void> {
  const { connectionId, providerModel, name, contextTokens, vision, tools, enabled } = model;
  const again = await http('POST /api/admin/models', {
    body: { connectionId, providerModel, name, contextTokens, vision, tools, enabled },
  });
  await providers.refreshModels();
  const old = before.findIndex(({ id }) => id === model.id);
  await providers.order(providers.models.filter(({ id }) => id !== again.id).toSpliced(old, 0, again));
}
