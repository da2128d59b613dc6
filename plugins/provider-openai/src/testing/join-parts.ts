import type { ProviderPart } from '@parley/sdk/plugin';

/** Parts as a reader of the conversation sees them: pieces of one text or call joined, without `start`; for tests. */
export function joinParts(parts: readonly ProviderPart[]): ProviderPart[] {
  const joined: ProviderPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const call = part.type === 'toolCall' && joined.find((one) => one.type === 'toolCall' && one.index === part.index);
    if (part.type === 'start') continue;
    if ((part.type === 'text' || part.type === 'reasoning') && last?.type === part.type) last.text += part.text;
    else if (call && call.type === 'toolCall' && part.type === 'toolCall') {
      call.arguments += part.arguments;
      call.name ??= part.name;
    } else joined.push({ ...part });
  }
  return joined;
}
