import type { EffectiveLimits } from './effective-limits.ts';
import { ModelNotAllowed } from './limits.errors.ts';

type ModelLimits = Pick<EffectiveLimits, 'allowedModels' | 'tier'>;

export function isModelAllowed({ allowedModels }: Pick<ModelLimits, 'allowedModels'>, publicModelId: string): boolean {
  return (
    allowedModels === null ||
    allowedModels.some((pattern) =>
      pattern.endsWith('*') ? publicModelId.startsWith(pattern.slice(0, -1)) : publicModelId === pattern,
    )
  );
}

export function assertModelAllowed(limits: ModelLimits, publicModelId: string): void {
  if (!isModelAllowed(limits, publicModelId)) {
    throw ModelNotAllowed({ model: publicModelId, tier: limits.tier.name });
  }
}
