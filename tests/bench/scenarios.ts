import { loadPlan } from '../load/load-plan.ts';

/** What is measured: the floor and Parley do the same work, one after the other, round by round. */
export interface Scenario {
  name: string;
  front: 'sse' | 'sockets';
  /** As `fake-upstream.ts` reads it. */
  model: string;
  streams: number;
  tokensPerStream: number;
  total?: number;
  rampMs: number;
}

const rate = (front: Scenario['front'], streams: number, seconds: number): Scenario => ({
  name: `${streams} streams at 30/s, ${front === 'sse' ? '/v1' : 'sockets'}`,
  front,
  model: `rate-30-${30 * seconds}`,
  streams,
  tokensPerStream: 30 * seconds,
  rampMs: Math.min(2_000, streams * 10),
});

/** Long enough that what the starts cost, which `short replies` measures, is a small share of it. */
const steadySeconds = 20;

const shortReplies = (total: number): Scenario => ({
  name: 'short replies, /v1',
  front: 'sse',
  model: 'short-8',
  streams: 50,
  tokensPerStream: 8,
  total,
  rampMs: 0,
});

export const scenarios: readonly Scenario[] = [
  rate('sse', 1, 5),
  rate('sse', 50, 6),
  rate('sse', 200, steadySeconds),
  rate('sse', 1000, 8),
  {
    name: 'as fast as possible, /v1',
    front: 'sse',
    model: 'burst-20000',
    streams: 8,
    tokensPerStream: 20_000,
    // For many seconds: a short run mostly tells how streams begin, which `short replies` measures, and how code warms up.
    total: 512,
    rampMs: 0,
  },
  shortReplies(2_000),
  rate('sockets', 1, 5),
  rate('sockets', 50, 6),
  rate('sockets', 200, steadySeconds),
  rate('sockets', 1000, 8),
];
/** Run once on both sides before anything is measured. */
export const warmUps: readonly Scenario[] = [shortReplies(1_000), rate('sse', 200, 10), rate('sockets', 50, 5)];
export const modelNames: readonly string[] = [
  ...new Set([...scenarios, ...warmUps, loadPlan].map(({ model }) => model)),
];
