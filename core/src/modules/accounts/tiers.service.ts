import type { Tier as TierShape } from '@parley/sdk/contract';
import type { ChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import type { Database } from '../../ports/database/database.ts';
import { TierNotFound, UserNotFound } from './accounts.errors.ts';
import { Tier } from './tier.entity.ts';
import { User } from './user.entity.ts';

/** Topic of the change feed: a tier is another, or somebody's tier is. */
export const TIERS_CHANGED = 'tiers';

export type TierChange = Partial<Omit<TierShape, 'id' | 'isDefault'>>;

export class TiersService {
  readonly #database: Database;
  readonly #changes: ChangeFeed;

  constructor(deps: { database: Database; changes: ChangeFeed }) {
    this.#database = deps.database;
    this.#changes = deps.changes;
  }

  list(): Promise<Tier[]> {
    return this.#database.em().find(Tier, {}, { orderBy: { position: 'asc', id: 'asc' } });
  }

  async ofUser(userId: string): Promise<Tier> {
    const user = await this.#database.em().findOne(User, { id: userId }, { populate: ['tier'], fields: ['tier'] });
    if (user === null) throw UserNotFound();
    return user.tier;
  }

  async change(id: string, { signUpGrant, monthlyGrant, ...plain }: TierChange): Promise<Tier> {
    const em = this.#database.em();
    const tier = await em.findOne(Tier, { id });
    if (tier === null) throw TierNotFound();
    em.assign(tier, plain);
    if (signUpGrant !== undefined) tier.signUpGrant = BigInt(signUpGrant);
    if (monthlyGrant !== undefined) tier.monthlyGrant = BigInt(monthlyGrant);
    await em.flush();
    await this.#changes.announce(TIERS_CHANGED);
    return tier;
  }
}
