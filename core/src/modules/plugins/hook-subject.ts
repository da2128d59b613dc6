/** Who and what a hook runs for. */
export interface HookSubject {
  userId: string;
  turnId: string;
  conversationId: string | null;
  nickname: string;
  /** BCP 47. */
  language: string;
  /** IANA. */
  timeZone: string;
  signal: AbortSignal;
}

/** One line of a turn's trace: what a plugin did to it. The shape of `TraceStep` in the contract. */
export interface HookStep {
  /** `publisher.name/local-id`. */
  source: string;
  kind: 'inlet' | 'prompt' | 'provider' | 'stream' | 'outlet';
  note: string;
  ms: number | null;
  outcome: 'unchanged' | 'changed' | 'flagged' | 'blocked' | 'failed';
}
