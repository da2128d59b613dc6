export type { ContentPart, ProviderEnd, ProviderRouter, ProviderSink, ResolvedModel } from './provider-types.ts';
