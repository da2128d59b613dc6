import type { PromptTransform } from '@parley/sdk/plugin';
import { localTime } from './local-time.ts';
import { languageName, oneLine } from './person.ts';
import { fillPlaceholders } from './placeholders.ts';
import { readSettings } from './settings.ts';

export const contextTransform: PromptTransform = {
  transform(prompt, context) {
    const settings = readSettings(context.settings);
    const person = context.permissions.has('userProfile') ? context.user : undefined;
    const nickname = oneLine(person?.nickname ?? '');
    const { date, time, zone } = localTime(context.now, context.timeZone);
    const lines: string[] = [];
    const added: string[] = [];
    const add = (line: string, what: string) => {
      lines.push(line);
      added.push(what);
    };

    if (settings.includeDate && settings.includeTime) {
      add(`For the user it is now ${date}, ${time} (${zone}).`, `date and time (${zone})`);
    } else if (settings.includeDate) {
      add(`For the user today is ${date} (${zone}).`, `date (${zone})`);
    } else if (settings.includeTime) {
      add(`For the user the time is ${time} (${zone}).`, `time (${zone})`);
    }
    if (settings.includeName && nickname !== '') add(`The user is called ${JSON.stringify(nickname)}.`, 'nickname');
    if (settings.includeLanguage && person) {
      add(`The user has set their language to ${languageName(person.language)}.`, `language (${person.language})`);
    }
    if (settings.includeInstructions && settings.instructions !== '') {
      const values = { user: nickname === '' ? 'the user' : nickname, date, time, model: prompt.model };
      const instructions = fillPlaceholders(settings.instructions, values);
      // A blank line of its own keeps the admin's Markdown apart from our sentences.
      add(
        lines.length > 0 ? `\n${instructions}` : instructions,
        `custom instructions (${instructions.length} characters)`,
      );
    }
    if (lines.length === 0) return undefined;
    return { appendSystem: lines.join('\n'), note: `Added ${added.join(', ')}.` };
  },
};
