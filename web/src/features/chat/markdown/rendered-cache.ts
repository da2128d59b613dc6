import type { Block } from './blocks.ts';
import { renderMarkdown } from './streaming-markdown.ts';

/** Two full windows: enough to scroll back and forth and to switch between chats without rendering again. */
const maxKept = 400;
const kept = new Map<string, { text: string; blocks: readonly Block[] }>();

/** Blocks of a message, rendered once per version of its text. */
export function blocksOf(messageId: string, text: string): readonly Block[] {
  const known = kept.get(messageId);
  const blocks = known?.text === text ? known.blocks : renderMarkdown(text);
  keepBlocks(messageId, text, blocks);
  return blocks;
}

/** A reply that just streamed has its blocks already. */
export function keepBlocks(messageId: string, text: string, blocks: readonly Block[]): void {
  kept.delete(messageId);
  kept.set(messageId, { text, blocks });
  if (kept.size > maxKept) kept.delete(kept.keys().next().value ?? '');
}
