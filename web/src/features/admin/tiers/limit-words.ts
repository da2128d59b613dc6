import type { LimitFields } from '@parley/sdk/contract';
import { formatBytes, formatList, formatNumber } from '../../../i18n/format.ts';
import { t } from '../../../i18n/i18n.svelte.ts';
import type { LimitName } from './limit-drafts.ts';

export function limitInWords(name: LimitName, value: LimitFields[LimitName]): string {
  if (value === null)
    return t(
      name === 'contextTokens' ? 'tiers.as-model' : name === 'allowedModels' ? 'tiers.all-models' : 'tiers.no-limit',
    );
  if (typeof value === 'object') return value.length === 0 ? t('tiers.no-models') : formatList(value);
  return name === 'attachmentBytes' ? formatBytes(value) : formatNumber(value);
}
