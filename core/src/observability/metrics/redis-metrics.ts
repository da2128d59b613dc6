import { Gauge, type Registry } from 'prom-client';
import { Sources } from './sources.ts';

/** `degraded`: configured and away; `off`: not configured. */
export type RedisState = 'up' | 'degraded' | 'off';

export interface RedisMetrics {
  watch(state: () => RedisState): () => void;
}

const states: readonly RedisState[] = ['up', 'degraded', 'off'];

export function redisMetrics(registry: Registry): RedisMetrics {
  const redis = new Sources<RedisState>();
  new Gauge({
    name: 'parley_redis_state',
    help: '1 for the state that holds: up, degraded (configured and away) or off (not configured).',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const state of states) this.set({ state }, 0);
      for (const state of redis.read()) this.set({ state }, 1);
    },
  });
  return { watch: redis.watch };
}
