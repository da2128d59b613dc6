import type { TestApp } from '@parley/core/testing';

/** What people name. */
export const upstreamModel = 'upstream/model-a';

/** Connects a scripted upstream and offers its one model. */
export async function offerUpstreamModel({ app }: TestApp, baseUrl: string): Promise<void> {
  const { providers } = app.modules;
  const connection = await providers.connections.create({
    provider: 'parley.provider-openai/openai',
    name: 'upstream',
    settings: { baseUrl },
    secrets: {},
    enabled: true,
  });
  const offer = { providerModel: 'model-a', contextTokens: 8_000, vision: false, tools: false, enabled: true };
  await providers.offered.create({ connectionId: connection.id, ...offer });
}
