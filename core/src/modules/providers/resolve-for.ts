import { assertModelAllowed, type EffectiveLimits, isModelAllowed } from '../limits/index.ts';
import type { ModelCatalogue } from './model-catalogue.ts';
import type { ResolvedModel } from './provider-types.ts';

type Catalogue = Pick<ModelCatalogue, 'list' | 'resolve'>;

export function modelsFor(catalogue: Pick<Catalogue, 'list'>, limits: EffectiveLimits): ResolvedModel[] {
  return catalogue.list().filter(({ publicId }) => isModelAllowed(limits, publicId));
}

/**
 * The model that somebody means. Null: the default one, or the first that his tier allows where the default is not among
 * them. Throws when there is none, or none for him.
 */
export function resolveFor(catalogue: Catalogue, publicId: string | null, limits: EffectiveLimits): ResolvedModel {
  const model = catalogue.resolve(publicId);
  const instead =
    publicId === null && !isModelAllowed(limits, model.publicId) ? modelsFor(catalogue, limits)[0] : undefined;
  const meant = instead ?? model;
  assertModelAllowed(limits, meant.publicId);
  return meant;
}
