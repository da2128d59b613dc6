import type { ChatMessage, ContentPart } from '@parley/sdk/plugin';
import type { ConnectionSettings } from '../settings.ts';

const pictureLeftOut = '(A picture was left out here: this server takes none.)';

export function wireMessages(
  messages: readonly ChatMessage[],
  settings: Pick<ConnectionSettings, 'systemRole' | 'images'>,
): Record<string, unknown>[] {
  return messages.map((message) => {
    const content = wireContent(message.content, settings.images);
    const name = message.name === undefined ? {} : { name: message.name };
    switch (message.role) {
      case 'system':
        return { role: settings.systemRole, content, ...name };
      case 'tool':
        return { role: 'tool', tool_call_id: message.toolCallId ?? '', content: plainText(message.content) };
      case 'assistant':
        return { role: 'assistant', ...assistantContent(message, content), ...name };
      default:
        return { role: 'user', content, ...name };
    }
  });
}

function assistantContent(message: ChatMessage, content: unknown): Record<string, unknown> {
  if (message.toolCalls === undefined || message.toolCalls.length === 0) return { content };
  return {
    // Some servers refuse an empty text beside calls.
    content: content === '' ? null : content,
    tool_calls: message.toolCalls.map((call) => ({
      id: call.id,
      type: 'function',
      // No arguments at all is no JSON, and strict servers parse it.
      function: { name: call.name, arguments: call.arguments.trim() === '' ? '{}' : call.arguments },
    })),
  };
}

/** A plain text wherever it is one, because many servers know no parts. */
function wireContent(content: ChatMessage['content'], images: boolean): unknown {
  if (typeof content === 'string') return content;
  if (!images || content.every((part) => part.type === 'text')) return plainText(content);
  return content.map((part: ContentPart) =>
    part.type === 'text'
      ? { type: 'text', text: part.text }
      : { type: 'image_url', image_url: { url: part.url, ...(part.detail && { detail: part.detail }) } },
  );
}

function plainText(content: ChatMessage['content']): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : pictureLeftOut)).join('\n');
}
