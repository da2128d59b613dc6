import { refusedState } from '../../http/rate-limit-headers.ts';
import type { Problem } from '@parley/sdk/contract';

interface State {
  limit: number;
  remaining: number;
  resetSeconds: number;
}

/** As OpenAI tells where somebody stands; durations are written as there, such as `6m0s`. */
export function openAiLimitHeaders(of: 'requests' | 'tokens', state: State): Record<string, string> {
  return {
    [`x-ratelimit-limit-${of}`]: String(state.limit),
    [`x-ratelimit-remaining-${of}`]: String(state.remaining),
    [`x-ratelimit-reset-${of}`]: duration(state.resetSeconds),
  };
}

/** Clients try again by themselves after a 429; a quota that comes back tomorrow is not worth it. */
const SPENT_FOR_TODAY = ['limits.requests-per-day', 'limits.tokens-per-day'];

/** For a refusal, by whichever limit. */
export function openAiRefusalHeaders(problem: Problem): Record<string, string> {
  const state = refusedState(problem);
  if (state === null) return {};
  return {
    ...openAiLimitHeaders(problem.code === 'limits.tokens-per-day' ? 'tokens' : 'requests', state),
    ...(SPENT_FOR_TODAY.includes(problem.code) ? { 'x-should-retry': 'false' } : {}),
  };
}

function duration(seconds: number): string {
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
