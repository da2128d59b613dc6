import type { Usage } from '@parley/sdk/contract';
import type { TurnEndState } from './turn.ts';

declare module '../../events/event-bus.ts' {
  interface DomainEvents {
    /** A turn is over and written down, on this instance. */
    'turn.settled': {
      turnId: string;
      userId: string;
      conversationId: string | null;
      state: TurnEndState;
      /** Public id. */
      model: string;
      /** Of its failure. */
      code: string | null;
      tokens: Usage | null;
      /** Micro-credits. */
      charged: number;
      /** From its admission on; null: no content came. */
      firstTokenSeconds: number | null;
      seconds: number;
    };
    /** A turn of a process that died was closed by this one. */
    'turn.reaped': { turnId: string };
  }
}
