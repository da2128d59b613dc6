import { definePlugin } from '@parley/sdk/plugin';
import { wordListFilter } from './wordlist-filter.ts';
import { wordListModerator } from './wordlist-moderator.ts';

export default definePlugin({
  moderators: { 'wordlist-input': wordListModerator },
  streamFilters: { 'wordlist-output': wordListFilter },
});
