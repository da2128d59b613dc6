import { ForeignKeyConstraintViolationException, LockMode, UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { LimitFields, Tier as TierShape, TierChange, TierCreate } from '@parley/sdk/contract';
import type { ChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import type { Database } from '../../ports/database/database.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import { type Audit, changesBetween } from '../audit/index.ts';
import { TierExists, TierInUse, TierIsDefault, TierNotFound, UserNotFound } from './accounts.errors.ts';
import type { Decision } from './standing.service.ts';
import { Tier } from './tier.entity.ts';
import { presentTier } from './tier.presenter.ts';
import { User } from './user.entity.ts';

/** Topic of the change feed: a tier is another, or somebody's tier is. */
export const TIERS_CHANGED = 'tiers';

export interface TiersDeps {
  database: Database;
  changes: ChangeFeed;
  audit: Audit;
  broadcaster: Broadcaster;
}

/** Somebody's tier, as far as it says what he may do. */
export interface UserTier {
  id: string;
  name: string;
  limits: LimitFields;
}
interface UserTierRow extends Omit<LimitFields, 'tokensPerDay'> {
  id: string;
  name: string;
  tokensPerDay: string | null;
}

export class TiersService {
  readonly #deps: TiersDeps;

  constructor(deps: TiersDeps) {
    this.#deps = deps;
  }

  list(): Promise<Tier[]> {
    return this.#em().find(Tier, {}, { orderBy: { position: 'asc', id: 'asc' } });
  }

  /** How many people have which; nobody has those that are missing. */
  async users(): Promise<ReadonlyMap<string, number>> {
    const { rows } = await this.#deps.database.pool.query<{ id: string; users: number }>(
      'select tier_id as id, count(*)::int as users from users group by tier_id',
    );
    return new Map(rows.map(({ id, users }) => [id, users]));
  }

  /** Asked every few seconds for whoever is here: past the ORM, which takes five times as long. */
  async ofUser(userId: string): Promise<UserTier> {
    const { rows } = await this.#deps.database.pool.query<UserTierRow>({
      name: 'tier.of-user',
      text: `
        select t.id, t.name, t.requests_per_minute as "requestsPerMinute", t.requests_per_day as "requestsPerDay",
          t.tokens_per_day as "tokensPerDay", t.open_turns_per_user as "openTurnsPerUser",
          t.open_turns_per_conversation as "openTurnsPerConversation", t.context_tokens as "contextTokens",
          t.attachments_per_message as "attachmentsPerMessage", t.attachment_bytes as "attachmentBytes",
          t.allowed_models as "allowedModels"
        from users u join tier t on t.id = u.tier_id where u.id = $1`,
      values: [userId],
    });
    if (rows[0] === undefined) throw UserNotFound();
    const { id, name, tokensPerDay, ...limits } = rows[0];
    return { id, name, limits: { ...limits, tokensPerDay: tokensPerDay === null ? null : Number(tokensPerDay) } };
  }

  /** Comes after the others. `by` null: the system itself. */
  async create(shape: TierCreate, by: string | null = null): Promise<Tier> {
    try {
      return await this.#em().transactional(async (em) => {
        const tiers = await lockTiers(em);
        if (tiers.some(({ id }) => id === shape.id)) throw TierExists({ id: shape.id });
        const position = Math.max(-1, ...tiers.map((tier) => tier.position)) + 1;
        const tier = em.create(Tier, { ...inStore(shape), position });
        this.#record(em, 'tier.created', tier, by, { tier: presentTier(tier) });
        return tier;
      });
    } catch (error) {
      // Two admins made it at once.
      if (error instanceof UniqueConstraintViolationException) throw TierExists({ id: shape.id });
      throw error;
    }
  }

  async change(id: string, change: TierChange, by: string | null = null): Promise<Tier> {
    const changed = await this.#em().transactional(async (em) => {
      const tiers = await lockTiers(em);
      const tier = tiers.find((one) => one.id === id);
      if (tier === undefined) throw TierNotFound();
      const before = presentTier(tier);
      if (change.isDefault === true && !tier.isDefault) {
        // Written first: there are never two.
        for (const other of tiers) other.isDefault = false;
        await em.flush();
      }
      em.assign(tier, inStore(change));
      const changes = changesBetween(before, change);
      if (Object.keys(changes).length > 0) this.#record(em, 'tier.changed', tier, by, { changes });
      return tier;
    });
    await this.#announce('everyone');
    return changed;
  }

  async remove(id: string, by: string | null = null): Promise<void> {
    try {
      await this.#em().transactional(async (em) => {
        const tier = (await lockTiers(em)).find((one) => one.id === id);
        if (tier === undefined) throw TierNotFound();
        if (tier.isDefault) throw TierIsDefault();
        this.#record(em, 'tier.removed', tier, by, { tier: presentTier(tier) });
        em.remove(tier);
      });
    } catch (error) {
      // The key that keeps users to their tier decides: counting before would not see who is just moved to it.
      if (error instanceof ForeignKeyConstraintViolationException) throw TierInUse();
      throw error;
    }
  }

  async setForUser({ userId, by, reason, tier: id }: Decision & { tier: string }): Promise<Tier> {
    const tier = await this.#em().transactional(async (em) => {
      const user = await em.findOne(User, { id: userId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (user === null) throw UserNotFound();
      const next = await em.findOne(Tier, { id }, { lockMode: LockMode.PESSIMISTIC_READ });
      if (next === null) throw TierNotFound();
      if (user.tier.id === id) return next;
      const changes = { tier: { from: user.tier.id, to: id } };
      user.tier = next;
      const target = { targetType: 'user', targetId: userId };
      this.#deps.audit.add(em, { actorId: by, action: 'user.tier-changed', ...target, reason, data: { changes } });
      return next;
    });
    await this.#announce(`user:${userId}`);
    return tier;
  }

  #em(): EntityManager {
    return this.#deps.database.em();
  }

  async #announce(room: 'everyone' | `user:${string}`): Promise<void> {
    await this.#deps.changes.announce(TIERS_CHANGED);
    this.#deps.broadcaster.emit(room, 'limits:changed', undefined);
  }

  #record(em: EntityManager, action: string, { id, name }: Tier, by: string | null, data: object): void {
    const target = { targetType: 'tier', targetId: id };
    this.#deps.audit.add(em, { actorId: by, action, ...target, data: { name, ...data } });
  }
}

/** Changes of tiers go one after the other: which is the default must be known for sure. */
function lockTiers(em: EntityManager): Promise<Tier[]> {
  return em.find(Tier, {}, { orderBy: { id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE });
}

function inStore<T extends Partial<Pick<TierShape, 'signUpGrant' | 'monthlyGrant'>>>(shape: T) {
  const { signUpGrant, monthlyGrant, ...plain } = shape;
  return {
    ...plain,
    ...(signUpGrant === undefined ? {} : { signUpGrant: BigInt(signUpGrant) }),
    ...(monthlyGrant === undefined ? {} : { monthlyGrant: BigInt(monthlyGrant) }),
  } as Omit<T, 'signUpGrant' | 'monthlyGrant'> & { signUpGrant: bigint; monthlyGrant: bigint };
}
