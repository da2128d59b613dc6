import type { LimitOverrideCreate } from '@parley/sdk/contract';
import type { z } from 'zod';
import type { Clock } from '../../ports/clock/clock.ts';
import type { ChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import type { Database } from '../../ports/database/database.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import type { Audit } from '../audit/index.ts';
import { User, UserNotFound } from '../accounts/index.ts';
import { OVERRIDES_CHANGED } from './effective-limits.ts';
import { LimitOverride } from './limit-override.entity.ts';
import { OverrideNotFound, TooManyOverrides } from './limits.errors.ts';

export interface OverridesDeps {
  database: Database;
  changes: ChangeFeed;
  clock: Clock;
  audit: Audit;
  broadcaster: Broadcaster;
}

/** Of one person; more is a tier of its own. */
const MAX_OVERRIDES = 50;

export class OverridesService {
  readonly #deps: OverridesDeps;

  constructor(deps: OverridesDeps) {
    this.#deps = deps;
  }

  /** The living ones, in the order in which they were made. */
  list(userId: string): Promise<LimitOverride[]> {
    const living = [{ expiresAt: null }, { expiresAt: { $gt: new Date(this.#deps.clock.now()) } }];
    return this.#deps.database.em().find(LimitOverride, { user: userId, $or: living }, { orderBy: { id: 'asc' } });
  }

  async add(userId: string, wanted: z.output<typeof LimitOverrideCreate>, by: string): Promise<LimitOverride> {
    const { fields, reason, expiresAt } = wanted;
    const added = await this.#deps.database.em().transactional(async (em) => {
      if ((await em.count(User, { id: userId })) === 0) throw UserNotFound();
      const now = new Date(this.#deps.clock.now());
      await em.nativeDelete(LimitOverride, { user: userId, expiresAt: { $lte: now } });
      if ((await em.count(LimitOverride, { user: userId })) >= MAX_OVERRIDES) {
        throw TooManyOverrides({ limit: MAX_OVERRIDES });
      }
      const ends = expiresAt === null ? null : new Date(expiresAt);
      const override = em.create(LimitOverride, { user: userId, fields, reason, expiresAt: ends });
      this.#deps.audit.add(em, {
        actorId: by,
        action: 'user.limits-changed',
        targetType: 'user',
        targetId: userId,
        reason,
        data: { fields, expiresAt },
      });
      return override;
    });
    await this.#announce(userId);
    return added;
  }

  async remove(userId: string, id: string, by: string): Promise<void> {
    await this.#deps.database.em().transactional(async (em) => {
      const override = await em.findOne(LimitOverride, { id, user: userId });
      if (override === null) throw OverrideNotFound();
      em.remove(override);
      const { fields } = override;
      const target = { targetType: 'user', targetId: userId };
      this.#deps.audit.add(em, { actorId: by, action: 'user.limits-restored', ...target, data: { fields } });
    });
    await this.#announce(userId);
  }

  async #announce(userId: string): Promise<void> {
    await this.#deps.changes.announce(OVERRIDES_CHANGED);
    this.#deps.broadcaster.emit(`user:${userId}`, 'limits:changed', undefined);
  }
}
