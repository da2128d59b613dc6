import { z } from 'zod';

import { PluginManifest } from './plugin-manifest.ts';

/** The published schema, draft 2020-12, of `parley.plugin.json` as an author writes it (defaults left out). */
export function manifestJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(PluginManifest, { io: 'input', target: 'draft-2020-12' }),
    title: 'Parley plugin manifest',
  };
}
