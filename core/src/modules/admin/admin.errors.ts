import { defineError } from '../../lib/app-error.ts';

export const CacheNotFound = defineError('cache.not-found', 404, () => 'There is no cache of that name.');
