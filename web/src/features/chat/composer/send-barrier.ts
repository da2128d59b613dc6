import type { CurrentLimits, Estimate, LimitState, Problem } from '@parley/sdk/contract';

/** Why the words in the box can't be sent now, with what is needed to say it. Times are of this device's clock. */
export type SendBarrier =
  | { readonly kind: 'no-models' | 'model-gone' | 'model-not-allowed' }
  | { readonly kind: 'length'; readonly over: number }
  | { readonly kind: 'context'; readonly tokens: number; readonly limit: number }
  | { readonly kind: 'conversation' | 'user'; readonly running: number }
  | { readonly kind: 'requests-day' | 'tokens-day'; readonly limit: number; readonly untilMs: number }
  | { readonly kind: 'minute'; readonly untilMs: number }
  | { readonly kind: 'no-credits'; readonly needed: number; readonly left: number }
  | { readonly kind: 'day-cap' | 'conversation-cap' };

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
  readonly modelAllowed: boolean;
  readonly limits: Pick<CurrentLimits, 'requestsPerMinute' | 'requestsPerDay' | 'tokensPerDay'> | null;
  readonly estimate: Pick<Estimate, 'refusal' | 'atMost'> | null;
  /** Why there is no estimate. */
  readonly problem: Problem | null;
  /** Of the message that was refused last and still waits for its person. */
  readonly refused: { readonly problem: Problem; readonly retryAtMs: number | null } | null;
  /** Null: not known. */
  readonly available: number | null;
}

export interface Clock {
  /** Asked only where something ends by itself, as whoever reads it is drawn again each second. */
  now(): number;
  /** A time that the server named. */
  due(at: string): number;
}

/** Typing is never stopped; only sending is, always with a reason, and no longer than the reason lasts. */
export function sendBarrier(now: SendSituation, clock: Clock): SendBarrier | null {
  if (!now.modelAllowed || now.problem?.code === 'limits.model-not-allowed') return { kind: 'model-not-allowed' };
  if (now.modelCount === 0) return { kind: 'no-models' };
  if (now.modelCount !== null && !now.modelKnown) return { kind: 'model-gone' };
  if (now.length > now.maxChars) return { kind: 'length', over: now.length - now.maxChars };
  if (now.problem?.code === 'context.too-long') return tooLong(now.problem);
  if (now.runningHere >= now.perConversation) return { kind: 'conversation', running: now.runningHere };
  if (now.running >= now.perUser) return { kind: 'user', running: now.running };
  return ofTime(now, clock) ?? ofMoney(now);
}

function tooLong({ data }: Problem): SendBarrier {
  return { kind: 'context', tokens: Number(data?.['tokens']), limit: Number(data?.['limit']) };
}

function ofTime({ limits, refused }: SendSituation, clock: Clock): SendBarrier | null {
  const spent = (state: LimitState | undefined): number | null => {
    if (state?.remaining !== 0 || state.resetAt === null) return null;
    const untilMs = clock.due(state.resetAt);
    return untilMs > clock.now() ? untilMs : null;
  };
  for (const [kind, state] of [
    ['requests-day', limits?.requestsPerDay],
    ['tokens-day', limits?.tokensPerDay],
  ] as const) {
    const untilMs = spent(state);
    if (untilMs !== null) return { kind, limit: state?.limit ?? 0, untilMs };
  }
  const untilMs = spent(limits?.requestsPerMinute) ?? retryAt(refused, clock);
  return untilMs === null ? null : { kind: 'minute', untilMs };
}

/** A refusal that counted something the limits do not show. */
function retryAt(refused: SendSituation['refused'], clock: Clock): number | null {
  const isOften = refused?.problem.code === 'limit.exceeded' || refused?.problem.code === 'limits.requests-per-minute';
  if (!isOften || refused.retryAtMs === null) return null;
  return refused.retryAtMs > clock.now() ? refused.retryAtMs : null;
}

function ofMoney({ estimate, refused, available }: SendSituation): SendBarrier | null {
  switch (estimate?.refusal) {
    case 'credits.insufficient':
      return { kind: 'no-credits', needed: estimate.atMost, left: available ?? 0 };
    case 'credits.day-cap':
      return { kind: 'day-cap' };
    case 'credits.conversation-cap':
      return { kind: 'conversation-cap' };
  }
  // An estimate knows better than a refusal from before.
  if (estimate !== null || refused?.problem.code !== 'credits.insufficient') return null;
  const needed = Number(refused.problem.data?.['needed']);
  const left = available ?? Number(refused.problem.data?.['left']);
  return left < needed ? { kind: 'no-credits', needed, left } : null;
}
