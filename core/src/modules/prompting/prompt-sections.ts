import type { ChatMessage } from '@parley/sdk/plugin';
import type { StoredSection } from './trace.ts';

/** A message of the prompt and where it came from. */
export interface SourcedMessage {
  message: ChatMessage;
  messageId?: string;
}

/**
 * Names the parts of the prompt as it was sent. Hooks work on plain messages (they cross into a sandbox and back), so
 * what they left alone is recognised by its text.
 */
export function promptSections(
  sent: readonly ChatMessage[],
  systemPrompt: string,
  additions: readonly { source: string; text: string }[],
  history: readonly SourcedMessage[],
): StoredSection[] {
  const sections: StoredSection[] = [];
  let next = 0;
  for (const [index, message] of sent.entries()) {
    if (index === 0 && message.role === 'system') {
      const given = ownSystem(systemPrompt, history[0]);
      if (given?.source === 'request') next = 1;
      sections.push(...systemSections(textOf(message), given, additions));
      continue;
    }
    const found = history.findIndex((known, at) => at >= next && sameText(known.message, message));
    const known = history[found];
    if (known === undefined) {
      sections.push({ source: 'plugins', role: message.role, text: textOf(message) });
    } else {
      next = found + 1;
      sections.push({
        role: message.role,
        // What an API client sent is kept nowhere else.
        ...(known.messageId === undefined
          ? { source: 'request', text: textOf(message) }
          : { source: 'history', messageId: known.messageId }),
      });
    }
  }
  return sections;
}

type SystemText = { source: 'system' | 'request'; text: string };

/** The conversation's own, or the one an API client begins with. */
function ownSystem(systemPrompt: string, first: SourcedMessage | undefined): SystemText | null {
  if (systemPrompt !== '') return { source: 'system', text: systemPrompt };
  return first?.message.role === 'system' ? { source: 'request', text: textOf(first.message) } : null;
}

function systemSections(
  sent: string,
  own: SystemText | null,
  additions: readonly { source: string; text: string }[],
): StoredSection[] {
  // A hook that rewrote it altogether: then the text as it stands is all that is true.
  if (own !== null && !sent.startsWith(own.text)) return [{ source: 'plugins', role: 'system', text: sent }];
  const ownSection: StoredSection[] = own === null ? [] : [{ ...own, role: 'system' }];
  return [...ownSection, ...additions.map(({ source, text }): StoredSection => ({ source, role: 'system', text }))];
}

function sameText(a: ChatMessage, b: ChatMessage): boolean {
  return a === b || (a.role === b.role && textOf(a) === textOf(b));
}

function textOf({ content, toolCalls = [] }: ChatMessage): string {
  const said =
    typeof content === 'string'
      ? content
      : content.map((part) => (part.type === 'text' ? part.text : '[image]')).join('\n');
  if (toolCalls.length === 0) return said;
  const calls = toolCalls.map((call) => `${call.name}(${call.arguments})`);
  return [...(said === '' ? [] : [said]), ...calls].join('\n');
}
