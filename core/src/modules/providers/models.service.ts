import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AdminModelChange, AdminModelCreate } from '@parley/sdk/contract';
import type { z } from 'zod';
import { uuidV7 } from '../../lib/uuid-v7.ts';
import { type Audit, type AuditRecord, changesBetween } from '../audit/index.ts';
import { clearDefaultOf, type DefaultModel } from './default-model.ts';
import { lastPosition } from './fixed-connections.ts';
import { ProviderConnection, ProviderModel } from './provider.entity.ts';
import { ConnectionNotFound, ModelExists, ModelNotFound } from './providers.errors.ts';

interface ModelsDeps {
  em(): EntityManager;
  audit: Audit;
  defaultModel: DefaultModel;
  changed(): Promise<void>;
}

/** The models an admin offers. */
export class ModelsService {
  readonly #deps: ModelsDeps;

  constructor(deps: ModelsDeps) {
    this.#deps = deps;
  }

  list(): Promise<ProviderModel[]> {
    return this.#deps.em().find(ProviderModel, {}, { orderBy: { position: 'asc', id: 'asc' } });
  }

  async create(input: z.output<typeof AdminModelCreate>, by: string | null = null): Promise<ProviderModel> {
    const em = this.#deps.em();
    const connection = await em.findOne(ProviderConnection, { id: input.connectionId });
    if (connection === null) throw ConnectionNotFound();
    const last = await em.findOne(
      ProviderModel,
      { position: { $lt: lastPosition } },
      { orderBy: { position: 'desc' } },
    );
    const { connectionId: _connection, name, ...rest } = input;
    const model = em.create(ProviderModel, {
      ...rest,
      id: uuidV7(),
      connection,
      publicId: `${connection.slug}/${input.providerModel}`,
      name: name ?? input.providerModel.slice(0, 80),
      position: (last?.position ?? 0) + 1,
      createdAt: new Date(),
    });
    this.#deps.audit.add(em, recordOf(model, 'model.offered', by));
    await em.flush().catch((error: unknown) => {
      if (error instanceof UniqueConstraintViolationException) throw ModelExists({ model: input.providerModel });
      throw error;
    });
    await this.#deps.changed();
    return model;
  }

  async change(
    id: string,
    change: z.output<typeof AdminModelChange>,
    by: string | null = null,
  ): Promise<ProviderModel> {
    const em = this.#deps.em();
    const model = await this.#find(em, id);
    const { name, enabled, contextTokens, vision, tools } = model;
    const changes = changesBetween({ name, enabled, contextTokens, vision, tools }, change);
    em.assign(model, change);
    if (Object.keys(changes).length > 0) this.#deps.audit.add(em, recordOf(model, 'model.changed', by, { changes }));
    await em.flush();
    await this.#deps.changed();
    return model;
  }

  async remove(id: string, by: string | null = null): Promise<void> {
    const em = this.#deps.em();
    const model = await this.#find(em, id);
    await clearDefaultOf(this.#deps.defaultModel, [model.publicId], by);
    await em.transactional(async (tx) => {
      await tx.nativeDelete(ProviderModel, { id });
      this.#deps.audit.add(tx, recordOf(model, 'model.withdrawn', by));
    });
    await this.#deps.changed();
  }

  /** Models not named keep their order, behind those that are. */
  async reorder(ids: readonly string[], by: string | null = null): Promise<ProviderModel[]> {
    const em = this.#deps.em();
    const models = await em.find(ProviderModel, {}, { orderBy: { position: 'asc', id: 'asc' } });
    const rank = new Map(ids.map((id, index) => [id, index]));
    const ordered = models.toSorted((a, b) => (rank.get(a.id) ?? ids.length) - (rank.get(b.id) ?? ids.length));
    for (const [index, model] of ordered.entries()) model.position = index + 1;
    const order = ordered.map((model) => model.publicId);
    const target = { targetType: 'models', targetId: 'order' };
    this.#deps.audit.add(em, { actorId: by, action: 'models.reordered', ...target, data: { order } });
    await em.flush();
    await this.#deps.changed();
    return ordered;
  }

  async #find(em: EntityManager, id: string): Promise<ProviderModel> {
    const model = await em.findOne(ProviderModel, { id }, { populate: ['connection'] });
    if (model === null) throw ModelNotFound({ model: id });
    return model;
  }
}

function recordOf(
  { id, name, publicId }: ProviderModel,
  action: string,
  by: string | null,
  data: Record<string, unknown> = {},
): AuditRecord {
  return { actorId: by, action, targetType: 'model', targetId: id, data: { name, publicId, ...data } };
}
