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
      sections.push(...systemSections(textOf(message), systemPrompt, additions));
      continue;
    }
    const found = history.findIndex((known, at) => at >= next && sameText(known.message, message));
    const known = history[found];
    if (known === undefined) {
      sections.push({ source: 'plugins', role: message.role, text: textOf(message) });
    } else {
      next = found + 1;
      sections.push({
        source: known.messageId === undefined ? 'request' : 'history',
        role: message.role,
        ...idOf(known),
      });
    }
  }
  return sections;
}

function systemSections(
  sent: string,
  own: string,
  additions: readonly { source: string; text: string }[],
): StoredSection[] {
  // A hook that rewrote it altogether: then the text as it stands is all that is true.
  if (!sent.startsWith(own)) return [{ source: 'plugins', role: 'system', text: sent }];
  const ownSection: StoredSection[] = own === '' ? [] : [{ source: 'system', role: 'system', text: own }];
  return [...ownSection, ...additions.map(({ source, text }): StoredSection => ({ source, role: 'system', text }))];
}

function idOf(known: SourcedMessage): { messageId?: string } {
  return known.messageId === undefined ? {} : { messageId: known.messageId };
}

function sameText(a: ChatMessage, b: ChatMessage): boolean {
  return a === b || (a.role === b.role && textOf(a) === textOf(b));
}

function textOf(message: ChatMessage): string {
  if (typeof message.content === 'string') return message.content;
  return message.content.map((part) => (part.type === 'text' ? part.text : '[image]')).join('\n');
}
