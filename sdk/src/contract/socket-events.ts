import { z } from 'zod';
import type { User } from './accounts.ts';
import { Id } from './common.ts';
import { RegenerateRequest, SendRequest } from './conversations.ts';
import type { Conversation, Message, Turn, TurnOpened } from './conversations.ts';
import type { Problem } from './errors.ts';
import type { TurnFrame } from './turn-events.ts';

/** What a client may send; every event is answered with an `Ack`. */
export const clientEvents = {
  /** Watch a conversation. For each open turn the frames after `afterSeq` follow, then live ones, without a gap; turns not named start with a snapshot. */
  'conversation:join': z.object({
    conversationId: Id,
    turns: z
      .array(z.object({ turnId: Id, afterSeq: z.int().min(0) }))
      .max(50)
      .default([]),
  }),
  'conversation:leave': z.object({ conversationId: Id }),
  'chat:send': SendRequest.extend({ conversationId: Id }),
  'chat:regenerate': RegenerateRequest.extend({ messageId: Id }),
  'chat:stop': z.object({ turnId: Id }),
} as const;
export type ClientEventName = keyof typeof clientEvents;
export type ClientEventInput<K extends ClientEventName> = z.input<(typeof clientEvents)[K]>;

export interface ClientEventResults {
  'conversation:join': { turns: Turn[] };
  'conversation:leave': null;
  'chat:send': TurnOpened;
  'chat:regenerate': TurnOpened;
  'chat:stop': Turn;
}
export type Ack<T> = { ok: true; data: T } | { ok: false; error: Problem };
export type ClientToServerEvents = {
  [K in ClientEventName]: (input: ClientEventInput<K>, ack: (answer: Ack<ClientEventResults[K]>) => void) => void;
};

/** What a client hears. All but `turn:frame` go to every tab and device of the user; frames to those who joined the conversation. */
export interface ServerToClientEvents {
  'turn:frame': (frame: TurnFrame) => void;
  'turn:opened': (opened: TurnOpened) => void;
  /** State only; the text travels in frames. */
  'turn:closed': (closed: { turn: Turn; message: Message }) => void;
  'message:changed': (message: Message) => void;
  'conversation:created': (conversation: Conversation) => void;
  'conversation:changed': (conversation: Conversation) => void;
  'conversation:deleted': (gone: { id: string; revision: number }) => void;
  'me:changed': (user: User) => void;
  /** This session was ended elsewhere; the socket closes. */
  'session:ended': (end: { reason: 'signed-out' | 'password-changed' | 'revoked' | 'suspended' }) => void;
  'models:changed': () => void;
  /** What `GET /api/limits` says is another for a reason that is not one's own use. */
  'limits:changed': () => void;
  /** Limits are counted by each instance for itself as long as this is so. */
  'limits:degraded': (state: { degraded: boolean }) => void;
  /**
   * Connect again after so many milliseconds: this instance is about to stop and another is to be reached, or it could not be told what
   * has happened on another, and all is to be read anew.
   */
  'server:moving': (move: { inMs: number }) => void;
  /** The balance has moved: a hold, a charge, a grant. */
  'credits:changed': (balance: { available: number; held: number }) => void;
  /** A charge has brought the balance below what its owner wanted to be warned of. */
  'credits:low': (balance: { available: number }) => void;
}
