import type { Conversation } from '@parley/sdk/contract';

export function makeConversation(change: Partial<Conversation> & { id: string }): Conversation {
  const at = '2026-11-21T09:00:00.000Z';
  return {
    title: `Chat ${change.id}`,
    titleSource: 'auto',
    pinned: false,
    archived: false,
    model: null,
    systemPrompt: '',
    parameters: {},
    activeLeafId: null,
    messageCount: 2,
    openTurns: 0,
    revision: 1,
    createdAt: at,
    lastActiveAt: at,
    ...change,
  };
}
