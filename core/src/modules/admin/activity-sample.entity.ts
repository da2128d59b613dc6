import { defineEntity, p } from '@mikro-orm/core';

/** What happened on one instance between two of its beats; nothing is written when nothing happened. Kept for two hours. */
const ActivitySampleSchema = defineEntity({
  name: 'ActivitySample',
  tableName: 'activity_sample',
  properties: {
    at: p.datetime(3).primary().defaultRaw('now()'),
    instanceId: p.uuid().primary(),
    /** Of the API: `/api`, without streams. */
    requests: p.integer(),
    /** Answered with 5xx. */
    errors: p.integer(),
    /** How many requests fell into which bucket of durations (`latency-buckets.ts`). */
    latencies: p.json<Record<string, number>>(),
    turns: p.integer(),
    failedTurns: p.integer(),
    inputTokens: p.bigint('number'),
    outputTokens: p.bigint('number'),
    /** Micro-credits. */
    charged: p.bigint('number').defaultRaw('0'),
  },
});
export class ActivitySample extends ActivitySampleSchema.class {}
ActivitySampleSchema.setClass(ActivitySample);
