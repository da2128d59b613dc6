import type { EntityManager } from '@mikro-orm/postgresql';
import { uuidV7 } from '../../lib/uuid-v7.ts';
import type { ProviderOffer } from './connections.service.ts';
import { ProviderConnection, ProviderModel } from './provider.entity.ts';

const defaultContextTokens = 32_000;
/** Behind everything an admin adds: a demo steps back once there is a real model. */
export const lastPosition = 1_000_000;

/** Providers that take no settings are connected from the start, with the models they name. Safe to run on several instances at once. */
export async function ensureFixedConnections(em: EntityManager, offers: readonly ProviderOffer[]): Promise<void> {
  for (const { ref, offer } of offers) {
    if (offer.configurable) continue;
    await em.upsert(
      ProviderConnection,
      {
        id: uuidV7(),
        provider: ref,
        slug: offer.id,
        name: offer.name,
        enabled: true,
        settings: {},
        secrets: {},
        createdAt: new Date(),
      },
      { onConflictFields: ['slug'], onConflictAction: 'ignore' },
    );
    const connection = await em.findOneOrFail(ProviderConnection, { slug: offer.id });
    if (connection.provider !== ref) continue;
    for (const model of offer.models) {
      await em.upsert(
        ProviderModel,
        {
          id: uuidV7(),
          connection,
          providerModel: model.id,
          publicId: `${connection.slug}/${model.id}`,
          name: model.name,
          contextTokens: model.contextTokens ?? defaultContextTokens,
          vision: model.vision,
          tools: model.tools,
          enabled: true,
          position: lastPosition,
          createdAt: new Date(),
        },
        { onConflictFields: ['publicId'], onConflictAction: 'ignore' },
      );
    }
  }
}
