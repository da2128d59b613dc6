import type { FilterResult, StreamFilter } from '@parley/sdk/plugin';
import { wordListOf } from './compiled-lists.ts';
import type { Rule } from './rule.ts';
import { Scanner, type ScanResult } from './scanner.ts';

export const wordListFilter: StreamFilter = {
  start(context) {
    const list = wordListOf(context.settings);
    // Without a word to look for, text is not even copied.
    if (!list.onOutput || list.readings.length === 0) return { push: (text) => ({ text }), end: () => ({ text: '' }) };
    const scanner = new Scanner(list);
    return { push: (text) => present(scanner.push(text)), end: () => present(scanner.end()) };
  },
};

function present({ text, block, flag }: ScanResult): FilterResult {
  return { text, ...(block && { block: name(block) }), ...(flag && { flag: name(flag) }) };
}

function name(rule: Rule): { rule: string; note: string } {
  return { rule: rule.pattern, note: rule.place };
}
