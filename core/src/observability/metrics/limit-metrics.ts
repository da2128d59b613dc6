import { Counter, type Registry } from 'prom-client';
import { Sources } from './sources.ts';

export interface LimitMetrics {
  /** `limit` is a name of the table of limits, or of a quota; never a key. */
  decided(limit: string, decision: 'allowed' | 'refused'): void;
  /** How many decisions this instance made in memory because Redis was away, since it started. */
  watchFallback(count: () => number): () => void;
}

export function limitMetrics(registry: Registry): LimitMetrics {
  const decisions = new Counter({
    name: 'parley_limiter_decisions_total',
    help: 'What limits and quotas said, by name of the limit.',
    labelNames: ['limit', 'decision'],
    registers: [registry],
  });
  const fallback = new Sources<number>();
  new Counter({
    name: 'parley_limiter_fallback_total',
    help: 'Decisions made in memory because Redis was away; meanwhile a limit may be overrun by limit × instances.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(fallback.read().reduce((sum, count) => sum + count, 0));
    },
  });
  return {
    decided: (limit, decision) => decisions.inc({ limit, decision }),
    watchFallback: fallback.watch,
  };
}
