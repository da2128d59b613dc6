import type { Clock } from '../../ports/clock/clock.ts';
import { lastMidnight, localDay } from '../../lib/local-day.ts';
import type { Profile, Profiles } from '../accounts/index.ts';
import type { PriceVersion, TurnCredits } from '../credits/index.ts';
import type { EffectiveLimits, LimitsModule } from '../limits/index.ts';
import { type ModelCatalogue, type ResolvedModel, resolveFor } from '../providers/index.ts';
import type { RunningUse } from './running-turn.ts';
import type { TurnClaim } from './turn-claims.ts';

/** What holds for a turn of this person with this model, found out before anything is written. */
export interface TurnTerms {
  person: Profile;
  /** With the context that the person's tier leaves of it. */
  model: ResolvedModel;
  limits: EffectiveLimits;
  /** Null: free. */
  price: PriceVersion | null;
  /** Where it is counted. */
  use: RunningUse;
  /** The person's last midnight. */
  dayStart(): Date;
  /** For `TurnClaims.judge`; `cost` null: nothing is locked. */
  claim(turn: { turnId: string; conversationId: string | null; cost: TurnCost | null }): TurnClaim;
}
export interface TurnCost {
  expected: bigint;
  atMost: bigint;
}

export interface TurnTermsDeps {
  models: Pick<ModelCatalogue, 'list' | 'resolve'>;
  profiles: Profiles;
  limits: Pick<LimitsModule, 'effective'>;
  credits: Pick<TurnCredits, 'priceOf'>;
  clock: Clock;
}

/** Throws when there is no such model, or none for this person. `model` null: the default one. */
export async function findTerms(deps: TurnTermsDeps, userId: string, model: string | null): Promise<TurnTerms> {
  const [person, limits] = await Promise.all([deps.profiles.get(userId), deps.limits.effective(userId)]);
  const offered = resolveFor(deps.models, model, limits);
  const price = deps.credits.priceOf(offered.publicId);
  const now = deps.clock.now();
  const use = {
    userId,
    day: localDay(now, person.timeZone),
    model: offered.publicId,
    plugin: offered.providerRef.split('/')[0]!,
  };
  const dayStart = () => lastMidnight(now, person.timeZone);
  return {
    person,
    model: withinContext(offered, limits),
    limits,
    price,
    use,
    dayStart,
    claim: ({ turnId, conversationId, cost }) => ({
      use: { ...use, requestsPerDay: limits.requestsPerDay, tokensPerDay: limits.tokensPerDay },
      timeZone: person.timeZone,
      hold:
        price === null || cost === null || cost.atMost === 0n
          ? null
          : {
              turnId,
              userId,
              conversationId,
              model: offered.publicId,
              priceId: price.id,
              estimate: cost.expected,
              amount: cost.atMost,
              dayStart: dayStart(),
            },
    }),
  };
}

function withinContext(model: ResolvedModel, { contextTokens }: EffectiveLimits): ResolvedModel {
  return contextTokens === null || contextTokens >= model.contextTokens ? model : { ...model, contextTokens };
}
