import type { TurnEndState } from './turn.ts';

declare module '../../events/event-bus.ts' {
  interface DomainEvents {
    /** A turn is over and written down, on this instance. */
    'turn.settled': {
      turnId: string;
      userId: string;
      conversationId: string | null;
      state: TurnEndState;
      model: string;
    };
  }
}
