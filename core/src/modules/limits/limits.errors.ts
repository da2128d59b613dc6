import { defineError } from '../../lib/app-error.ts';

export const ModelNotAllowed = defineError(
  'limits.model-not-allowed',
  403,
  (d: { model: string; tier: string }) => `The model ${d.model} does not belong to the tier ${d.tier}.`,
);
