import type { Trace } from '@parley/sdk/contract';
import { formatMilliseconds, formatNumber } from '../../../i18n/format.ts';
import { lookUp, t } from '../../../i18n/i18n.svelte.ts';
import { pluginNames } from '../plugin-names.svelte.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** Our own parts have words, plugins have names; of one that is gone there is only the reference. */
export function sourceName(source: string): string {
  return lookUp('chat', `source-${source}`) ?? pluginNames.of(source) ?? source;
}

const ms = (value: number | null) => (value === null ? '–' : formatMilliseconds(value));

export function timingFacts({ timings }: Trace): Fact[] {
  return [
    { name: t('chat.trace-prompt-ms'), value: ms(timings.promptMs) },
    { name: t('chat.trace-first-ms'), value: ms(timings.firstTokenMs) },
    { name: t('chat.trace-total-ms'), value: ms(timings.totalMs) },
  ];
}

export function usageFacts({ usage }: Trace): Fact[] {
  if (usage === null) return [];
  const facts = [
    { name: t('chat.trace-input'), value: formatNumber(usage.input) },
    { name: t('chat.trace-output'), value: formatNumber(usage.output) },
  ];
  if (usage.reasoning) facts.push({ name: t('chat.trace-reasoning'), value: formatNumber(usage.reasoning) });
  if (usage.cachedInput) facts.push({ name: t('chat.trace-cached'), value: formatNumber(usage.cachedInput) });
  facts.push({ name: t('chat.trace-counted'), value: t(`chat.trace-counted-${usage.countedBy}`) });
  return facts;
}

export function modelFacts(trace: Trace): Fact[] {
  return [
    { name: t('chat.trace-model'), value: trace.model },
    { name: t('chat.trace-provider'), value: trace.provider },
    { name: t('chat.trace-attempts'), value: formatNumber(trace.attempts) },
  ];
}

export function parameterFacts({ parameters }: Trace): Fact[] {
  const labels: Record<string, string> = {
    temperature: t('chat.temperature'),
    topP: t('chat.top-p'),
    maxTokens: t('chat.max-tokens'),
    presencePenalty: t('chat.presence-penalty'),
    frequencyPenalty: t('chat.frequency-penalty'),
    stop: t('chat.stop-words'),
  };
  return Object.entries(parameters).map(([name, value]) => ({
    name: labels[name] ?? name,
    value: Array.isArray(value) ? value.join(' · ') : formatNumber(value),
  }));
}
