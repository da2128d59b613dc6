import type { AdminOverview } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import { isoTime } from '../../lib/iso-time.ts';
import type { ProvidersModule } from '../providers/index.ts';
import { BEAT_MS } from './beat.ts';
import { percentile } from './latency-buckets.ts';
import {
  countPeople,
  HOUR_SECONDS,
  type InstanceRow,
  lastHour,
  lately,
  LATELY_SECONDS,
  livingInstances,
  openTurns,
} from './overview-queries.ts';

export interface OverviewDeps {
  pool: Pool;
  instanceId: string;
  providers: Pick<ProvidersModule, 'connectionViews'>;
}

/** The whole installation at a glance; each number with the time it is of. */
export async function readOverview({ pool, instanceId, providers }: OverviewDeps): Promise<AdminOverview> {
  const [instances, turns, recent, hour, connections] = await Promise.all([
    livingInstances(pool),
    openTurns(pool),
    lately(pool),
    lastHour(pool),
    providers.connectionViews(),
  ]);
  const sum = (pick: (minute: (typeof hour)[number]) => number) =>
    hour.reduce((total, minute) => total + pick(minute), 0);
  return {
    at: new Date().toISOString(),
    online: {
      users: countPeople(instances),
      sockets: instances.reduce((total, { sockets }) => total + sockets, 0),
      withinSeconds: BEAT_MS / 1000,
    },
    openTurns: turns,
    lately: {
      windowSeconds: LATELY_SECONDS,
      requests: recent.requests,
      errors: recent.errors,
      p95Ms: percentile(recent.latencies, 0.95),
      turns: recent.turns,
      failedTurns: recent.failedTurns,
    },
    hour: {
      windowSeconds: HOUR_SECONDS,
      inputTokens: sum(({ inputTokens }) => inputTokens),
      outputTokens: sum(({ outputTokens }) => outputTokens),
      charged: sum(({ charged }) => charged),
      minutes: hour.map(({ requests, inputTokens, outputTokens }) => ({
        requests,
        tokens: inputTokens + outputTokens,
      })),
    },
    providers: connections.map(({ id, name, enabled, health, healthDetail, modelCount }) => ({
      id,
      name,
      enabled,
      health,
      healthDetail,
      modelCount,
    })),
    instances: instances.map((row) => presentInstance(row, instanceId)),
    degraded: instances.some(({ degraded }) => degraded),
  };
}

function presentInstance(row: InstanceRow, ownId: string): AdminOverview['instances'][number] {
  return {
    id: row.id,
    role: row.role as AdminOverview['instances'][number]['role'],
    version: row.version,
    host: row.host,
    startedAt: isoTime(row.startedAt),
    seenAt: isoTime(row.seenAt),
    sockets: row.sockets,
    degraded: row.degraded,
    answering: row.id === ownId,
  };
}
