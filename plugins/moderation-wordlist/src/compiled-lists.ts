import { compileWordList, type WordList } from './compile.ts';
import { readSettings } from './settings.ts';
import { runAtOnce, runWithPauses } from './steps.ts';

type Settings = Readonly<Record<string, unknown>>;

let lastSettings: unknown;
let lastText = '';
let last: WordList | undefined;

/**
 * The lists of these settings, compiled once and not once per message. The same object is the quick case; a host may also
 * hand over an equal copy each time, and comparing texts is still much cheaper than compiling.
 */
function known(settings: Settings): { list: WordList | undefined; text: string } {
  if (last !== undefined && settings === lastSettings) return { list: last, text: lastText };
  const text = JSON.stringify(settings);
  if (last === undefined || text !== lastText) return { list: undefined, text };
  lastSettings = settings;
  return { list: last, text };
}

function keep(settings: Settings, text: string, list: WordList): WordList {
  lastSettings = settings;
  lastText = text;
  last = list;
  return list;
}

/** At once: for a stream filter, which can't wait. Usually the message before the reply has been checked and all is ready. */
export function wordListOf(settings: Settings): WordList {
  const { list, text } = known(settings);
  return list ?? keep(settings, text, runAtOnce(compileWordList(readSettings(settings))));
}

/** With pauses, so that long lists don't overstep the time of one entry into the plugin. */
export async function prepareWordList(settings: Settings): Promise<WordList> {
  const { list, text } = known(settings);
  return list ?? keep(settings, text, await runWithPauses(compileWordList(readSettings(settings))));
}
