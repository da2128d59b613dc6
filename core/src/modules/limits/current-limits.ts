import type { CurrentLimits, LimitState } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import type { LimitTable } from '../../http/limits-table.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { Profiles } from '../accounts/index.ts';
import { type DayUsage, dayUsage } from './day-usage.ts';
import type { EffectiveLimits } from './effective-limits.ts';
import { localDay, nextMidnight } from '../../lib/local-day.ts';
import type { MinuteState, MinuteWindow } from './minute-window.ts';

export interface CurrentLimitsDeps {
  pool: Pool;
  clock: Clock;
  profiles: Profiles;
  effective: (userId: string) => Promise<EffectiveLimits>;
  minute: MinuteWindow;
  /** The conversation of each reply that is being written for somebody; null for that of an API client. */
  openTurns: (userId: string) => Promise<{ conversationId: string | null }[]>;
  /** Limits of single endpoints. */
  endpoints: Readonly<LimitTable>;
  maxMessageChars: number;
  /** Each instance counts for itself, as Redis is away. */
  isDegraded: () => boolean;
}

/** Everything that may keep somebody from sending, and when it ends. */
export async function currentLimits(deps: CurrentLimitsDeps, userId: string): Promise<CurrentLimits> {
  const [limits, { timeZone }, open] = await Promise.all([
    deps.effective(userId),
    deps.profiles.get(userId),
    deps.openTurns(userId),
  ]);
  const nowMs = deps.clock.now();
  const [minute, used] = await Promise.all([
    deps.minute.look(userId, limits),
    dayUsage(deps.pool, userId, localDay(nowMs, timeZone)),
  ]);
  return {
    tier: limits.tier,
    requestsPerMinute: minuteState(minute),
    ...dayStates(limits, used, nextMidnight(nowMs, timeZone)),
    openTurns: openState(limits.openTurnsPerUser, open.length),
    openTurnsPerConversation: {
      limit: limits.openTurnsPerConversation,
      conversations: countByConversation(open).map(([conversationId, count]) => ({
        conversationId,
        ...openState(limits.openTurnsPerConversation, count),
      })),
    },
    contextTokens: limits.contextTokens,
    attachments: { perMessage: limits.attachmentsPerMessage, bytes: limits.attachmentBytes },
    allowedModels: limits.allowedModels,
    endpoints: Object.entries(deps.endpoints).map(([name, { points, seconds }]) => ({ name, limit: points, seconds })),
    maxMessageChars: deps.maxMessageChars,
    degraded: deps.isDegraded(),
  };
}

function minuteState({ limit, remaining, resetAt }: MinuteState): LimitState {
  return { limit, used: limit - remaining, remaining, resetAt: resetAt?.toISOString() ?? null };
}

function dayStates(limits: EffectiveLimits, used: DayUsage, midnight: Date) {
  const state = (limit: number | null, spent: number): LimitState => ({
    limit,
    used: spent,
    remaining: limit === null ? null : Math.max(0, limit - spent),
    resetAt: midnight.toISOString(),
  });
  return {
    requestsPerDay: state(limits.requestsPerDay, used.requests),
    tokensPerDay: state(limits.tokensPerDay, used.tokens),
  };
}

/** A place is free again when a reply ends; nobody knows when. */
function openState(limit: number, used: number): LimitState {
  return { limit, used, remaining: Math.max(0, limit - used), resetAt: null };
}

function countByConversation(open: readonly { conversationId: string | null }[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { conversationId } of open) {
    if (conversationId !== null) counts.set(conversationId, (counts.get(conversationId) ?? 0) + 1);
  }
  return [...counts];
}
