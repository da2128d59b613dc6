import type { TurnEvent, TurnState } from '@parley/sdk/contract';
import type { ContentPart } from '../providers/index.ts';

type Numbered<T> = T extends { seq: number } ? Omit<T, 'seq'> : never;
/** An event as it happens, before it has its number. */
export type HappenedEvent = Numbered<TurnEvent>;
export type TerminalEvent = Extract<HappenedEvent, { type: 'completed' | 'stopped' | 'failed' | 'interrupted' }>;

/** How far the reply is out of the house; texts are counted in characters of `Reply.text`. */
export interface OutputPlace {
  seq: number;
  textChars: number;
  reasoningChars: number;
}

/** Where a reply goes while it is written: frames for those who watch, or the sink of an API client. */
export interface ReplyOutput {
  part(part: ContentPart): void;
  event(event: Extract<HappenedEvent, { type: 'started' | 'flagged' }>): void;
  /** Lets go of everything that waits to be joined. */
  flush(): void;
  place(): OutputPlace;
  /** Calls back once, when content next goes out. */
  onNextLeaving(left: () => void): void;
  /** The number the terminal event will have. */
  lastSeq(): number;
  /** After the turn is settled. Nothing follows. */
  end(event: TerminalEvent): void;
  /** Somebody else ends this turn and tells those who watch. */
  abandon(): void;
}

export function snapshotEvent(
  place: OutputPlace,
  reply: { text: string; reasoning: string },
  state: TurnState,
): TurnEvent {
  return {
    seq: place.seq,
    type: 'snapshot',
    text: reply.text.slice(0, place.textChars),
    reasoning: reply.reasoning.slice(0, place.reasoningChars),
    state,
  };
}
