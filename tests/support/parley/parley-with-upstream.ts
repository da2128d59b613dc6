import { createTestApp, type TestApp, type TestAppOptions } from '@parley/core/testing';
import { type OpenAiUpstream, startOpenAiUpstream } from './openai-upstream.ts';

export interface ParleyWithUpstream extends TestApp {
  upstream: OpenAiUpstream;
  /** Public id of the model that the upstream serves. */
  model: string;
}

/** A whole Parley with an OpenAI-compatible connection to a scripted server, private addresses granted. */
export async function startParleyWithUpstream(options: TestAppOptions = {}): Promise<ParleyWithUpstream> {
  const upstream = await startOpenAiUpstream();
  const parley = await createTestApp(options);
  const { providers } = parley.app.modules;
  const connection = await providers.connections.create({
    provider: 'parley.provider-openai/openai',
    name: 'upstream',
    settings: { baseUrl: upstream.baseUrl },
    secrets: { apiKey: 'sk-upstream' },
    enabled: true,
  });
  await providers.offered.create({
    connectionId: connection.id,
    providerModel: 'model-a',
    contextTokens: 8_000,
    vision: true,
    tools: true,
    enabled: true,
  });
  return {
    ...parley,
    upstream,
    model: 'upstream/model-a',
    async stop() {
      await parley.stop();
      await upstream.close();
    },
  };
}
