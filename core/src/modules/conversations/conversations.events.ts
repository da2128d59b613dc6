declare module '../../events/event-bus.ts' {
  interface DomainEvents {
    /** Its turns must not go on writing. */
    'conversation.deleted': { conversationId: string; userId: string };
  }
}
export {};
