import { defineError } from '../../lib/app-error.ts';

export const PluginNotFound = defineError('plugin.not-found', 404, () => 'There is no such plugin.');
export const PluginSettingsInvalid = defineError(
  'plugin.settings-invalid',
  422,
  () => "These settings don't fit what the plugin asks for.",
);
export const PermissionNotOptional = defineError(
  'plugin.permission-required',
  422,
  (d: { permission: string }) =>
    `The plugin can't work without the permission "${d.permission}". Switch it off instead.`,
);
export const HookOrderInvalid = defineError(
  'plugin.hook-order-invalid',
  422,
  (d: { reason: string }) => `This order can't be used: ${d.reason}.`,
);
/** A hook whose failure means `closed` failed: the turn must not go on. */
export const HookFailed = defineError(
  'plugin.hook-failed',
  502,
  (d: { plugin: string; failure: string }) =>
    `The plugin ${d.plugin} failed, and it is set to stop replies when it does.`,
);
