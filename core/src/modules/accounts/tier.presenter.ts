import { LimitFields, type Tier as TierShape } from '@parley/sdk/contract';
import type { Tier } from './tier.entity.ts';

const limitNames = LimitFields.keyof().options;

function presentLimits(tier: Tier): LimitFields {
  return Object.fromEntries(limitNames.map((name) => [name, tier[name] ?? null])) as LimitFields;
}

export function presentTier(tier: Tier): TierShape {
  return {
    id: tier.id,
    name: tier.name,
    isDefault: tier.isDefault,
    position: tier.position,
    ...presentLimits(tier),
    signUpGrant: Number(tier.signUpGrant),
    monthlyGrant: Number(tier.monthlyGrant),
  };
}
