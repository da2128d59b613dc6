import { z } from 'zod';
import { defineRoutes } from './routes.ts';

/** A model people can choose. `id` is `connection-slug/model-id` and is what API clients name too. */
export const Model = z.object({
  id: z.string(),
  name: z.string(),
  /** The connection's name. */
  provider: z.string(),
  contextTokens: z.int(),
  vision: z.boolean(),
  tools: z.boolean(),
  isDefault: z.boolean(),
});
export type Model = z.infer<typeof Model>;

export const modelRoutes = defineRoutes({
  'GET /api/models': {
    summary: "Models to choose from, in the admin's order",
    access: 'user',
    response: z.array(Model),
  },
});
