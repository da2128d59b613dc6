import type { Moderator, Verdict } from '@parley/sdk/plugin';
import { prepareWordList } from './compiled-lists.ts';
import type { Rule } from './rule.ts';
import { Scanner } from './scanner.ts';
import { pause } from './steps.ts';

/** A call into the plugin may not run for long without a pause; this much text takes a few milliseconds. */
const charsPerSlice = 8192;

export const wordListModerator: Moderator = {
  async check({ direction, text }, context): Promise<Verdict> {
    const list = await prepareWordList(context.settings);
    const applies = direction === 'input' ? list.onInput : list.onOutput;
    if (!applies || list.readings.length === 0) return { action: 'allow' };

    const scanner = new Scanner(list);
    let passed = '';
    let flag: Rule | undefined;
    for (let at = 0; at <= text.length; at += charsPerSlice) {
      const isLast = at + charsPerSlice >= text.length;
      for (const result of [scanner.push(text.slice(at, at + charsPerSlice)), ...(isLast ? [scanner.end()] : [])]) {
        if (result.block) return { action: 'block', rule: result.block.pattern, note: result.block.place };
        passed += result.text;
        flag ??= result.flag;
      }
      if (isLast) break;
      await pause();
    }
    const rule = scanner.masking;
    if (rule) {
      const note = flag === undefined ? rule.place : `${rule.place}; also flagged by ${JSON.stringify(flag.pattern)}`;
      return { action: 'mask', text: passed, rule: rule.pattern, note };
    }
    return flag === undefined ? { action: 'allow' } : { action: 'flag', rule: flag.pattern, note: flag.place };
  },
};
