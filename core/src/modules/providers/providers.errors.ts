import { defineError } from '../../lib/app-error.ts';

export const ModelNotFound = defineError(
  'model.not-found',
  404,
  (d: { model: string }) => `There is no model "${d.model}", or it is switched off.`,
);
export const NoModel = defineError(
  'model.none',
  409,
  () => 'No model is set up yet. An admin can add one under Providers.',
);
export const ModelExists = defineError(
  'model.exists',
  409,
  (d: { model: string }) => `The model "${d.model}" is already offered through this connection.`,
);
export const ConnectionNotFound = defineError(
  'provider.connection-not-found',
  404,
  () => 'There is no such connection.',
);
export const ProviderKindNotFound = defineError(
  'provider.kind-not-found',
  404,
  (d: { provider: string }) => `No installed plugin offers "${d.provider}".`,
);
export const SlugTaken = defineError(
  'provider.slug-taken',
  409,
  (d: { slug: string }) => `Another connection is already called "${d.slug}".`,
);
export const ConnectionFixed = defineError(
  'provider.connection-fixed',
  409,
  () => 'This connection belongs to its plugin. It can be switched off, but not added twice or removed.',
);
export const SettingsInvalid = defineError(
  'provider.settings-invalid',
  422,
  () => "These settings don't fit what the provider asks for.",
);
export const DiscoveryFailed = defineError(
  'provider.discovery-failed',
  409,
  (d: { detail: string; reason: string }) => `The server did not name its models: ${d.detail}`,
);
