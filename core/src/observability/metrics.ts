import { type MetricObject, Registry } from 'prom-client';
import { type CacheMetrics, cacheMetrics } from './metrics/cache-metrics.ts';
import { type CreditMetrics, creditMetrics } from './metrics/credit-metrics.ts';
import { type DatabaseMetrics, databaseMetrics } from './metrics/database-metrics.ts';
import { type HttpMetrics, httpMetrics } from './metrics/http-metrics.ts';
import { type LimitMetrics, limitMetrics } from './metrics/limit-metrics.ts';
import { processMetrics } from './metrics/process-metrics.ts';
import { type RedisMetrics, redisMetrics } from './metrics/redis-metrics.ts';
import { type SandboxMetrics, sandboxMetrics } from './metrics/sandbox-metrics.ts';
import { type SocketMetrics, socketMetrics } from './metrics/socket-metrics.ts';
import { type TurnMetrics, turnMetrics } from './metrics/turn-metrics.ts';

export type { CacheMetrics } from './metrics/cache-metrics.ts';
export type { BooksReport, CreditMetrics } from './metrics/credit-metrics.ts';
export type { HttpMetrics } from './metrics/http-metrics.ts';
export type { LimitMetrics } from './metrics/limit-metrics.ts';
export type { SandboxStatistics } from './metrics/sandbox-metrics.ts';
export type { EventOutcome, SocketMetrics } from './metrics/socket-metrics.ts';
export type { TurnMetrics } from './metrics/turn-metrics.ts';

/**
 * What is counted, by the part of Parley it tells of. What happens is told as it happens; what merely is has a source that
 * is asked when somebody looks (`watch`, which returns its undo). Labels are bounded here, whatever is handed in.
 */
export interface Metrics {
  readonly http: HttpMetrics;
  readonly sockets: SocketMetrics;
  readonly turns: TurnMetrics;
  readonly credits: CreditMetrics;
  readonly limits: LimitMetrics;
  readonly caches: CacheMetrics;
  readonly sandbox: SandboxMetrics;
  readonly database: DatabaseMetrics;
  readonly redis: RedisMetrics;
}

export interface DescribedMetric {
  name: string;
  type: string;
  labels: string[];
  help: string;
}

/** The metrics of one app, and their page. */
export interface MetricsPage extends Metrics {
  readonly contentType: string;
  /** In Prometheus's text format. */
  text(): Promise<string>;
  /** What there is, whether or not it has been counted yet. */
  list(): DescribedMetric[];
  stop(): void;
}

/** A registry of its own for each app: several live in one process of tests, and a library's global one would mix them. */
export function createMetrics(): MetricsPage {
  const registry = new Registry();
  const metrics: Metrics = {
    http: httpMetrics(registry),
    sockets: socketMetrics(registry),
    turns: turnMetrics(registry),
    credits: creditMetrics(registry),
    limits: limitMetrics(registry),
    caches: cacheMetrics(registry),
    sandbox: sandboxMetrics(registry),
    database: databaseMetrics(registry),
    redis: redisMetrics(registry),
  };
  const stop = processMetrics(registry);
  return {
    ...metrics,
    contentType: registry.contentType,
    text: () => registry.metrics(),
    list: () => registry.getMetricsAsArray().map(describe),
    stop,
  };
}

function describe(metric: MetricObject): DescribedMetric {
  const { name, help } = metric;
  // The library keeps them, but its types do not tell; a histogram adds `le` for itself.
  const { labelNames = [] } = metric as { labelNames?: string[] };
  return { name, type: String(metric.type), labels: labelNames.filter((label) => label !== 'le'), help };
}
