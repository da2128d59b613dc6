import type { ChatParameters, Trace, Usage } from '@parley/sdk/contract';

/** A part of the prompt as it is kept: a message by its id, a text of our own (or a plugin's) as it was. */
export interface StoredSection {
  source: string;
  role: 'system' | 'user' | 'assistant' | 'tool';
  messageId?: string;
  text?: string;
  /** How long the text was of which only the beginning is kept. */
  chars?: number;
}
/** How a reply came about, as kept with its turn. Tokens are counted when somebody looks. */
export interface StoredTrace {
  provider: string;
  sections: StoredSection[];
  contextTokens: number;
  omittedMessages: number;
  parameters: ChatParameters;
  steps: Trace['steps'];
  timings: Trace['timings'];
  attempts: number;
  usage: Usage | null;
}

const MAX_SECTIONS = 2000;
const MAX_SECTION_CHARS = 20_000;
const MAX_TEXT_CHARS = 200_000;
const MAX_STEPS = 200;
const MAX_NOTE_CHARS = 500;

/** A trace explains; it must not become the largest thing in the database. */
export function boundTrace(trace: StoredTrace): StoredTrace {
  const sections = boundTexts(trace.sections.slice(-MAX_SECTIONS));
  const steps = trace.steps
    .slice(0, MAX_STEPS)
    .map((step) => (step.note.length > MAX_NOTE_CHARS ? { ...step, note: step.note.slice(0, MAX_NOTE_CHARS) } : step));
  return { ...trace, sections, steps };
}

/** Where there is not room for all, the system prompt and the newest messages explain most. */
function boundTexts(sections: readonly StoredSection[]): StoredSection[] {
  let left = MAX_TEXT_CHARS;
  const bounded = [...sections];
  const bound = (isSystem: boolean) => {
    for (let at = sections.length - 1; at >= 0; at--) {
      const section = sections[at]!;
      if (section.text === undefined || (section.role === 'system') !== isSystem) continue;
      const chars = section.text.length;
      const text = section.text.slice(0, Math.min(MAX_SECTION_CHARS, left));
      left -= text.length;
      if (text.length < chars) bounded[at] = { ...section, text: `${text}…`, chars };
    }
  };
  bound(true);
  bound(false);
  return bounded;
}
