import type { Conversation } from '@parley/sdk/contract';

export type Group = 'pinned' | 'today' | 'week' | 'older';
export type ListRow =
  | { readonly kind: 'group'; readonly key: string; readonly group: Group }
  | { readonly kind: 'chat'; readonly key: string; readonly conversation: Conversation };

const dayMs = 86_400_000;

/** The list as it is read: pinned ones first, then by how long ago something was said. */
export function listRows(conversations: readonly Conversation[], now: Date): ListRow[] {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const groupOf = ({ pinned, lastActiveAt }: Conversation): Group => {
    if (pinned) return 'pinned';
    const at = Date.parse(lastActiveAt);
    if (at >= midnight) return 'today';
    return at >= midnight - 6 * dayMs ? 'week' : 'older';
  };
  const groups: Record<Group, Conversation[]> = { pinned: [], today: [], week: [], older: [] };
  for (const conversation of conversations) groups[groupOf(conversation)].push(conversation);
  return (Object.entries(groups) as [Group, Conversation[]][]).flatMap(([group, members]) =>
    members.length === 0
      ? []
      : [
          { kind: 'group' as const, key: `group:${group}`, group },
          ...members.map((conversation) => ({ kind: 'chat' as const, key: conversation.id, conversation })),
        ],
  );
}

/** Last active first; ties by id, so that nobody's order depends on when a page was loaded. */
export function byActivity(a: Conversation, b: Conversation): number {
  return b.lastActiveAt.localeCompare(a.lastActiveAt) || a.id.localeCompare(b.id);
}
