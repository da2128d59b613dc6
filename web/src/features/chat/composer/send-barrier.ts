/** Why the words in the box can't be sent now, with what is needed to say it. */
export type SendBarrier =
  | { readonly kind: 'length'; readonly over: number }
  | { readonly kind: 'conversation' | 'user'; readonly running: number }
  | { readonly kind: 'no-models' }
  | { readonly kind: 'model-gone' };

export interface SendSituation {
  readonly length: number;
  readonly maxChars: number;
  readonly runningHere: number;
  readonly perConversation: number;
  readonly running: number;
  readonly perUser: number;
  /** Null: not known yet. */
  readonly modelCount: number | null;
  readonly modelKnown: boolean;
}

/** Typing is never stopped; only sending is, and always with a reason. */
export function sendBarrier(now: SendSituation): SendBarrier | null {
  if (now.modelCount === 0) return { kind: 'no-models' };
  if (now.modelCount !== null && !now.modelKnown) return { kind: 'model-gone' };
  if (now.length > now.maxChars) return { kind: 'length', over: now.length - now.maxChars };
  if (now.runningHere >= now.perConversation) return { kind: 'conversation', running: now.runningHere };
  if (now.running >= now.perUser) return { kind: 'user', running: now.running };
  return null;
}
