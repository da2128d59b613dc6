import type { Conversation, Message, Turn, TurnEvent, TurnFrame } from '@parley/sdk/contract';

export const conversationId = '00000000-0000-4000-8000-000000000001';
const at = '2026-11-21T09:00:00.000Z';

export function makeConversation(change: Partial<Conversation> = {}): Conversation {
  return {
    id: conversationId,
    title: 'A chat',
    titleSource: 'auto',
    pinned: false,
    archived: false,
    model: null,
    systemPrompt: '',
    parameters: {},
    activeLeafId: null,
    messageCount: 0,
    openTurns: 0,
    revision: 1,
    createdAt: at,
    lastActiveAt: at,
    ...change,
  };
}

export function makeMessage(change: Partial<Message> & { id: string }): Message {
  return {
    conversationId,
    parentId: null,
    role: 'user',
    status: 'done',
    text: `text of ${change.id}`,
    reasoning: '',
    position: 1,
    versions: [change.id],
    model: null,
    turnId: null,
    finishReason: null,
    usage: null,
    receipt: null,
    failure: null,
    flaggedBy: null,
    durationMs: null,
    createdAt: at,
    editedAt: null,
    ...change,
  };
}

export function makeTurn(change: Partial<Turn> & { id: string; messageId: string }): Turn {
  return { conversationId, state: 'queued', model: 'demo/eliza', seq: 0, createdAt: at, finishedAt: null, ...change };
}

/** `count` messages one after the other: m1 by the person, m2 the reply, and so on. */
export function makePath(count: number): Message[] {
  return Array.from({ length: count }, (_, index) =>
    makeMessage({
      id: `m${index + 1}`,
      parentId: index === 0 ? null : `m${index}`,
      role: index % 2 === 0 ? 'user' : 'assistant',
      position: index + 1,
    }),
  );
}

export function makeFrame(turnId: string, messageId: string, ...events: TurnEvent[]): TurnFrame {
  return { conversationId, turnId, messageId, events };
}
