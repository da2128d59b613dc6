import type { EventBus } from '../../events/event-bus.ts';
import type { HttpMetrics } from '../../observability/metrics.ts';
import { bucketOf } from './latency-buckets.ts';

/** What happened here since the last beat. */
export interface Sample {
  requests: number;
  errors: number;
  latencies: Record<string, number>;
  turns: number;
  failedTurns: number;
  inputTokens: number;
  outputTokens: number;
  /** Micro-credits. */
  charged: number;
}

export interface Activity extends Pick<HttpMetrics, 'answered'> {
  /** Hands over what was counted and starts anew; null when nothing happened. */
  take(): Sample | null;
  /** What could not be written is counted with what comes next. */
  putBack(sample: Sample): void;
  stop(): void;
}

/** `isTimed`: a route of the API that answers at once; a stream lasts as long as its reply and would say nothing. */
export function createActivity(events: EventBus, isTimed: (route: string, method: string) => boolean): Activity {
  let counted = emptySample();
  const undo = events.on('turn.settled', ({ state, tokens, charged }) => {
    counted.turns++;
    if (state === 'failed' || state === 'interrupted') counted.failedTurns++;
    counted.inputTokens += tokens?.input ?? 0;
    counted.outputTokens += tokens?.output ?? 0;
    counted.charged += charged;
  });

  return {
    answered(route, method, status, seconds) {
      if (!isTimed(route, method)) return;
      const bucket = bucketOf(seconds * 1000);
      counted.requests++;
      if (status >= 500) counted.errors++;
      counted.latencies[bucket] = (counted.latencies[bucket] ?? 0) + 1;
    },
    take() {
      const sample = counted;
      counted = emptySample();
      return sample.requests + sample.turns === 0 ? null : sample;
    },
    putBack(sample) {
      const { latencies, ...numbers } = sample;
      for (const name of Object.keys(numbers) as (keyof typeof numbers)[]) counted[name] += numbers[name];
      for (const [bucket, count] of Object.entries(latencies)) {
        counted.latencies[bucket] = (counted.latencies[bucket] ?? 0) + count;
      }
    },
    stop: () => undo(),
  };
}

function emptySample(): Sample {
  return {
    requests: 0,
    errors: 0,
    latencies: {},
    turns: 0,
    failedTurns: 0,
    inputTokens: 0,
    outputTokens: 0,
    charged: 0,
  };
}
