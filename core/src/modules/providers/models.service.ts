import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AdminModelChange, AdminModelCreate } from '@parley/sdk/contract';
import type { z } from 'zod';
import { uuidV7 } from '../../lib/uuid-v7.ts';
import { clearDefaultOf, type DefaultModel } from './default-model.ts';
import { lastPosition } from './fixed-connections.ts';
import { ProviderConnection, ProviderModel } from './provider.entity.ts';
import { ConnectionNotFound, ModelExists, ModelNotFound } from './providers.errors.ts';

interface ModelsDeps {
  em(): EntityManager;
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

  async create(input: z.output<typeof AdminModelCreate>): Promise<ProviderModel> {
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
    await em.flush().catch((error: unknown) => {
      if (error instanceof UniqueConstraintViolationException) throw ModelExists({ model: input.providerModel });
      throw error;
    });
    await this.#deps.changed();
    return model;
  }

  async change(id: string, change: z.output<typeof AdminModelChange>): Promise<ProviderModel> {
    const em = this.#deps.em();
    const model = await this.#find(em, id);
    em.assign(model, change);
    await em.flush();
    await this.#deps.changed();
    return model;
  }

  async remove(id: string): Promise<void> {
    const em = this.#deps.em();
    const { publicId } = await this.#find(em, id);
    await clearDefaultOf(this.#deps.defaultModel, [publicId]);
    await em.nativeDelete(ProviderModel, { id });
    await this.#deps.changed();
  }

  /** Models not named keep their order, behind those that are. */
  async reorder(ids: readonly string[]): Promise<ProviderModel[]> {
    const em = this.#deps.em();
    const models = await em.find(ProviderModel, {}, { orderBy: { position: 'asc', id: 'asc' } });
    const rank = new Map(ids.map((id, index) => [id, index]));
    const ordered = models.toSorted((a, b) => (rank.get(a.id) ?? ids.length) - (rank.get(b.id) ?? ids.length));
    for (const [index, model] of ordered.entries()) model.position = index + 1;
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
