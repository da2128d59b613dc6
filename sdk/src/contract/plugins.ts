import { z } from 'zod';
import { PluginId } from './plugin-manifest.ts';
import { defineRoutes } from './routes.ts';

/** What traces, failures and flags say by reference, in words; everything else about plugins is for admins. */
export const PluginName = z.object({ id: PluginId, name: z.string() });
export type PluginName = z.infer<typeof PluginName>;

export const pluginRoutes = defineRoutes({
  'GET /api/plugins': { summary: 'Names of the installed plugins', access: 'user', response: z.array(PluginName) },
});
